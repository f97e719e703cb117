import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { type KmsBackend, startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../support/kms-huawei-dialect.ts';
import { startFunctionGraph } from './functiongraph.ts';
import { httpApiEvent } from './http-api-event.ts';
import { PROJECT_ID } from './iam.ts';
import { startLambda } from './lambda.ts';
import { assertRandom512, parseReply } from './observed.ts';
import { startRuntimeApi } from './runtime-api.ts';

// A source behind a network is tested in the init, which has the CPU for it, and not by the first request.

const TIMEOUT = { timeout: 20_000 };
const TOKEN = 'a-token-of-this-test';

async function startKms(t: TestContext): Promise<KmsBackend> {
  const kms = await startKmsBackend(huaweiDialect);
  t.after(() => kms.close());
  return kms;
}

function variablesFor(kms: KmsBackend): Record<string, string> {
  return {
    AUTH_METHODS: 'static',
    STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
    ENTROPY_SOURCES: 'huawei-kms,os',
    ENTROPY_TIMEOUT_MS: '500',
    HUAWEI_KMS_URL: kms.origin,
    HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
    HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
    HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
    HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
  };
}

const event = httpApiEvent({ 'x-auth-token': TOKEN }, '{"random_data_length":"512"}');

suite('Lambda', () => {
  test(
    'the KMS has answered before the function asks for work, and is asked once by the first request',
    TIMEOUT,
    async (t) => {
      const [kms, api] = await Promise.all([startKms(t), startRuntimeApi(t)]);
      startLambda(t, { api, name: 'http', variables: variablesFor(kms) });
      await api.firstQuestion;
      assert.deepEqual([kms.requests(), kms.given().length], [1, 1024]);
      assertRandom512((await api.invoke(event)).body);
      assert.deepEqual([kms.requests(), kms.given().length], [2, 64]);
    },
  );

  test('a KMS that is silent is waited for until the source gives it up', TIMEOUT, async (t) => {
    const [kms, api] = await Promise.all([startKms(t), startRuntimeApi(t)]);
    kms.behave('silent');
    startLambda(t, { api, name: 'http', variables: variablesFor(kms) });
    await api.firstQuestion;
    assert.deepEqual([kms.requests(), kms.pending()], [1, 0]);
    kms.behave('good');
    assertRandom512((await api.invoke(event)).body);
  });

  test('a KMS that is silent for longer than an init waits does not keep it from starting', TIMEOUT, async (t) => {
    const [kms, api] = await Promise.all([startKms(t), startRuntimeApi(t)]);
    kms.behave('silent');
    startLambda(t, { api, name: 'http', variables: { ...variablesFor(kms), ENTROPY_TIMEOUT_MS: '60000' } });
    await api.firstQuestion;
    assert.deepEqual([kms.requests(), kms.pending()], [1, 1]);
  });
});

suite('FunctionGraph', () => {
  test('the KMS has answered when the initializer calls back', TIMEOUT, async (t) => {
    const kms = await startKms(t);
    const { initialize } = await startFunctionGraph(t, { userData: variablesFor(kms) });
    await initialize();
    assert.deepEqual([kms.requests(), kms.given().length], [1, 1024]);
  });

  test('a KMS that is silent is an error of the first request, not of the initializer', TIMEOUT, async (t) => {
    const kms = await startKms(t);
    kms.behave('silent');
    const { initialize, invoke } = await startFunctionGraph(t, { userData: variablesFor(kms) });
    await initialize();
    const { httpMethod, path } = { httpMethod: 'POST', path: `/v1.0/${PROJECT_ID}/kms/gen-random` };
    const headers = { 'content-type': 'application/json', 'x-auth-token': TOKEN };
    const body = '{"random_data_length":"512"}';
    const reply = parseReply(
      await invoke({ httpMethod, path, headers, requestContext: {}, body, isBase64Encoded: false }),
    );
    assert.equal(reply.statusCode, 504);
  });
});
