import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROJECT_ID, startIam } from './iam.ts';
import { startLambda } from './lambda.ts';
import { assertRandom512, nextAuditLine, parseReply } from './observed.ts';
import { startRuntimeApi } from './runtime-api.ts';

const TIMEOUT = { timeout: 30_000 };

/** As an HTTP API sends it (payload format 2.0). */
function httpApiEvent(headers: Readonly<Record<string, string>>, body: string): unknown {
  const path = `/v1.0/${PROJECT_ID}/kms/gen-random`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3',
      domainName: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'check' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
    },
    body,
    isBase64Encoded: false,
  };
}

test('Lambda: random bytes, an error of the contract and their audit lines', TIMEOUT, async (t) => {
  const [iam, api] = await Promise.all([startIam(t), startRuntimeApi(t)]);
  const lambda = startLambda(t, { api, name: 'http', variables: { AUTH_METHODS: 'iam', IAM_URL: iam.url } });

  const served = await api.invoke(httpApiEvent({ 'x-auth-token': iam.token }, '{"random_data_length":"512"}'));
  assert.equal(served.kind, 'response');
  assertRandom512(served.body);
  const first = await nextAuditLine(lambda);
  assert.equal(first.cold_start, true);
  assert.equal(first.status, 200);
  assert.equal(first.bit_length, 512);

  const refused = await api.invoke(httpApiEvent({ 'x-auth-token': iam.token }, '{"random_data_length":"7"}'));
  assert.deepEqual(JSON.parse(parseReply(refused.body).body), {
    error: { error_code: 'KMS.1801', error_msg: 'random_data_length must be in the range 8 bits to 8,192 bits.' },
  });
  const second = await nextAuditLine(lambda);
  assert.equal(second.cold_start, false);
  assert.equal(second.code, 'KMS.1801');
});

test('Lambda: a wrong configuration fails the init by its name and without its value', TIMEOUT, async (t) => {
  const api = await startRuntimeApi(t);
  const variables = { AUTH_METHODS: 'iam', IAM_URL: 'http://a-host-that-is-not-ours/v3', LOG_LEVEL: 'deafening' };
  startLambda(t, { api, name: 'http', variables });
  const report = JSON.stringify(await api.initError);
  assert.match(report, /LOG_LEVEL/);
  assert.doesNotMatch(report, /deafening|a-host-that-is-not-ours/);
});
