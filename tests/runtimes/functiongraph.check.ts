import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFunctionGraph } from './functiongraph.ts';
import { PROJECT_ID, startIam } from './iam.ts';
import { assertRandom512, nextAuditLine, parseReply } from './observed.ts';

const TIMEOUT = { timeout: 30_000 };
const REQUEST_ID = '66a6f6a4f3b14ef69e8bbfd5d3bd1e9c';

/** As APIG sends it: base64 unless a person tests in the console. */
function apigEvent(token: string, body: string, encoding: 'base64' | 'utf8' = 'base64'): unknown {
  return {
    body: Buffer.from(body).toString(encoding),
    isBase64Encoded: encoding === 'base64',
    headers: { 'content-type': 'application/json', host: 'apig.example.com', 'x-auth-token': token },
    httpMethod: 'POST',
    path: `/v1.0/${PROJECT_ID}/kms/gen-random`,
    pathParameters: {},
    queryStringParameters: {},
    requestContext: { apiId: 'bc1dcffd-aa35-474d-897c-d53425a4c08e', requestId: REQUEST_ID, stage: 'RELEASE' },
  };
}

test('FunctionGraph: configured by user data, initialised, plain and base64 bodies', TIMEOUT, async (t) => {
  const iam = await startIam(t);
  const fg = await startFunctionGraph(t, { userData: { AUTH_METHODS: 'iam', IAM_URL: iam.url } });
  assert.equal(fg.nodeVersion, 'v20.15.1');
  await fg.initialize();

  assertRandom512(await fg.invoke(apigEvent(iam.token, '{"random_data_length":"512"}')));
  const first = await nextAuditLine(fg.child);
  assert.equal(first.cold_start, true);
  assert.equal(first.request_id, REQUEST_ID);

  assertRandom512(await fg.invoke(apigEvent(iam.token, '{"random_data_length":512}', 'utf8')));
  assert.equal((await nextAuditLine(fg.child)).cold_start, false);

  const refused = parseReply(await fg.invoke(apigEvent('unknown-token', '{"random_data_length":512}')));
  assert.equal(refused.statusCode, 403);
  assert.deepEqual(JSON.parse(refused.body), {
    error: { error_code: 'KMS.0302', error_msg: 'Invalid X-Auth-Token.' },
  });
});

test('FunctionGraph: configured by RUNTIME_USERDATA, without an initializer', TIMEOUT, async (t) => {
  const iam = await startIam(t);
  const userData = JSON.stringify({ AUTH_METHODS: 'iam', IAM_URL: iam.url });
  const fg = await startFunctionGraph(t, { environment: { RUNTIME_USERDATA: userData } });
  assertRandom512(await fg.invoke(apigEvent(iam.token, '{"random_data_length":"512"}')));
});

test('FunctionGraph: a proxy that its Node would go past is a wrong configuration', TIMEOUT, async (t) => {
  const fg = await startFunctionGraph(t, {
    userData: {
      IAM_URL: 'https://iam.test/v3',
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: 'http://user:secret@proxy.test:3128',
    },
  });
  await assert.rejects(fg.initialize(), (error: Error) => {
    assert.match(error.message, /this Node\.js cannot use a proxy/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('FunctionGraph: the initializer reports a wrong configuration by name', TIMEOUT, async (t) => {
  const fg = await startFunctionGraph(t, { userData: { AUTH_METHODS: 'iam', IAM_TIMEOUT_MS: 'a-while' } });
  await assert.rejects(fg.initialize(), (error: Error) => {
    assert.match(error.message, /IAM_TIMEOUT_MS/);
    assert.doesNotMatch(error.message, /a-while/);
    return true;
  });
});
