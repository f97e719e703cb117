import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { handler, initializer } from '../../../handlers/http.ts';
import { readAgencyKeys } from '../../../lib/adapters/function/agency-keys.ts';
import { ConfigError } from '../../../lib/config/config.ts';
import { FunctionGraphContext } from '../../adapters/function/function-graph-context.ts';
import { eventShape } from '../../support/event-shapes.ts';
import { startKmsBackend } from '../../support/kms-backend.ts';
import { HUAWEI_KEYS, huaweiDialect, huaweiVariables } from '../../support/kms-huawei-dialect.ts';
import { fieldsOf } from '../../support/samples.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { wireRequest } from '../../support/wire-request.ts';

const { accessKey, secretKey, securityToken } = HUAWEI_KEYS;
const GOOD = [accessKey, secretKey, securityToken] as const;

/** FunctionGraph's context as far as the agency goes. */
const agency = (...keys: readonly [unknown, unknown, unknown]) => new FunctionGraphContext({ keys });

test("the agency's keys are read from its context", () => {
  assert.deepEqual(readAgencyKeys(agency(...GOOD)), HUAWEI_KEYS);
});

const WITHOUT: readonly (readonly [name: string, context: unknown])[] = [
  ['no context', undefined],
  ['null', null],
  ["Lambda's context", { awsRequestId: '1', getRemainingTimeInMillis: () => 1 }],
  ['a function without an agency', agency('', '', '')],
  ['an agency without a token', agency(accessKey, secretKey, undefined)],
  ['an agency without a secret', agency(accessKey, null, securityToken)],
];
for (const [name, context] of WITHOUT) {
  test(`${name}: no keys`, () => assert.equal(readAgencyKeys(context), undefined));
}

/** Contexts of a function that draws from a KMS: the user variables, and the keys that are good now. */
async function startFunction(context: TestContext) {
  const { origin } = await startKmsBackend(huaweiDialect, context);
  const { HUAWEI_KMS_URL, HUAWEI_KMS_PROJECT_ID } = huaweiVariables(origin);
  const userData = { ...STATIC, ENTROPY_SOURCES: 'huawei-kms', HUAWEI_KMS_URL, HUAWEI_KMS_PROJECT_ID };
  return (...keys: readonly [unknown, unknown, unknown]) => new FunctionGraphContext({ keys, userData });
}

test('without an agency it does not start, and says what is missing', async (context) => {
  const contextOf = await startFunction(context);
  initializer(contextOf('', '', ''), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(
      error.problems.map((problem) => problem.split(' ', 1)[0]),
      ['HUAWEI_ACCESS_KEY', 'HUAWEI_SECRET_KEY'],
    );
  });
});

test('every draw is signed with the keys of the newest context', async (context) => {
  const contextOf = await startFunction(context);
  const event = eventShape('functiongraph-apig').eventOf(wireRequest({ tokens: [STATIC_TOKEN] }));
  const statusWith = async (keys: readonly [unknown, unknown, unknown]) =>
    fieldsOf(await handler(event, contextOf(...keys))).statusCode;
  const OLD = ['OLD', 'old', 'old'] as const;
  initializer(contextOf(...OLD), (error) => assert.equal(error, null));
  assert.deepEqual([await statusWith(GOOD), await statusWith(OLD), await statusWith(GOOD)], [200, 502, 200]);
});
