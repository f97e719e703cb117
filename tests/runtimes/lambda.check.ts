import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpApiEvent } from './http-api-event.ts';
import { startIam } from './iam.ts';
import { startLambda } from './lambda.ts';
import { assertRandom512, nextAuditLine, parseReply } from './observed.ts';
import { startRuntimeApi } from './runtime-api.ts';

const TIMEOUT = { timeout: 30_000 };

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
