import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { handler, initializer } from '../../../handlers/http.ts';
import { readAgencyKeys } from '../../../lib/adapters/function/agency-keys.ts';
import { ConfigError } from '../../../lib/config/config.ts';
import { type KmsBackend, startKmsBackend } from '../../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../../support/kms-huawei-dialect.ts';

/** FunctionGraph's context as far as the agency goes: a class, whose methods do not work without their object. */
class AgencyContext {
  readonly #keys: readonly [accessKey: unknown, secretKey: unknown, securityToken: unknown];

  constructor(...keys: readonly [accessKey: unknown, secretKey: unknown, securityToken: unknown]) {
    this.#keys = keys;
  }

  getSecurityAccessKey(): unknown {
    return this.#keys[0];
  }

  getSecuritySecretKey(): unknown {
    return this.#keys[1];
  }

  getSecurityToken(): unknown {
    return this.#keys[2];
  }
}

const { accessKey, secretKey, securityToken } = HUAWEI_KEYS;

test("the agency's keys are read from its context", () => {
  assert.deepEqual(readAgencyKeys(new AgencyContext(accessKey, secretKey, securityToken)), HUAWEI_KEYS);
});

const WITHOUT: readonly (readonly [name: string, context: unknown])[] = [
  ['no context', undefined],
  ['null', null],
  ["Lambda's context", { awsRequestId: '1', getRemainingTimeInMillis: () => 1 }],
  ['a function without an agency', new AgencyContext('', '', '')],
  ['an agency without a token', new AgencyContext(accessKey, secretKey, undefined)],
  ['an agency without a secret', new AgencyContext(accessKey, null, securityToken)],
];
for (const [name, context] of WITHOUT) {
  test(`${name}: no keys`, () => assert.equal(readAgencyKeys(context), undefined));
}

const TOKEN = 'a-token-of-the-test';

suite('a function with the keys of an agency', { concurrency: 1 }, () => {
  let backend: KmsBackend;
  before(async () => {
    backend = await startKmsBackend(huaweiDialect);
  });
  after(() => backend.close());

  /** The context of one invocation: user variables, and the keys that are good while it lasts. */
  class Context extends AgencyContext {
    getUserData(name: string): string | undefined {
      const variables: Record<string, string> = {
        AUTH_METHODS: 'static',
        STATIC_TOKENS: JSON.stringify({ [HUAWEI_PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
        ENTROPY_SOURCES: 'huawei-kms',
        HUAWEI_KMS_URL: backend.origin,
        HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
      };
      return variables[name];
    }
  }
  const withGoodKeys = () => new Context(accessKey, secretKey, securityToken);
  const withOldKeys = () => new Context('OLD', 'old', 'old');

  const draw = async (context: Context): Promise<unknown> => {
    const event = {
      httpMethod: 'POST',
      path: `/v1.0/${HUAWEI_PROJECT_ID}/kms/gen-random`,
      headers: { 'content-type': 'application/json', 'x-auth-token': TOKEN },
      body: '{"random_data_length":"512"}',
      isBase64Encoded: false,
      queryStringParameters: {},
      pathParameters: {},
      requestContext: { apiId: 'a', requestId: 'b', stage: 'RELEASE' },
    };
    const reply: unknown = await handler(event, context);
    return typeof reply === 'object' && reply !== null ? Reflect.get(reply, 'statusCode') : undefined;
  };

  test('without an agency it does not start, and says what is missing', () => {
    initializer(new Context('', '', ''), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(
        error.problems.map((problem) => problem.split(' ', 1)[0]),
        ['HUAWEI_ACCESS_KEY', 'HUAWEI_SECRET_KEY'],
      );
    });
  });

  test('every draw is signed with the keys of the newest context', async () => {
    initializer(withOldKeys(), (error) => assert.equal(error, null));
    assert.equal(await draw(withGoodKeys()), 200);
    assert.equal(await draw(withOldKeys()), 502);
    assert.equal(await draw(withGoodKeys()), 200);
  });
});
