import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { httpApiEvent } from './http-api-event.ts';
import { startIam } from './iam.ts';
import { serveOnLoopback } from './loopback.ts';
import { assertRandom512, nextAuditLine, parseReply } from './observed.ts';
import { startEmulatedLambda } from './rie.ts';

const TIMEOUT = { timeout: 60_000 };
const RANDOM_512 = /^\{"random_data":"[0-9A-F]{128}"\}$/;
const REQUEST = '{"random_data_length":"512"}';

/** An IAM that takes every request and answers none. */
async function startSilentIam(t: TestContext): Promise<string> {
  return `http://${await serveOnLoopback(t, () => () => undefined)}/v3`;
}

test('emulated Lambda, http: cold and warm, refused and served', TIMEOUT, async (t) => {
  const iam = await startIam(t);
  const lambda = await startEmulatedLambda(t, { name: 'http', timeoutSeconds: 6, variables: { IAM_URL: iam.url } });
  const served = httpApiEvent({ 'x-auth-token': iam.token }, REQUEST);

  assertRandom512(JSON.parse(await lambda.invoke(served)));
  const cold = await nextAuditLine(lambda.child);
  assert.deepEqual([cold.status, cold.cold_start], [200, true]);

  assertRandom512(JSON.parse(await lambda.invoke(served)));
  const warm = await nextAuditLine(lambda.child);
  assert.deepEqual([warm.status, warm.cold_start], [200, false]);
  assert.notEqual(warm.request_id, cold.request_id);

  const refused = parseReply(JSON.parse(await lambda.invoke(httpApiEvent({}, REQUEST))));
  assert.equal(refused.statusCode, 401);
});

test('emulated Lambda, http: a silent IAM is a documented 504 before the time is up', TIMEOUT, async (t) => {
  const variables = { IAM_URL: await startSilentIam(t), IAM_TIMEOUT_MS: '500' };
  const lambda = await startEmulatedLambda(t, { name: 'http', timeoutSeconds: 6, variables });
  const reply = parseReply(JSON.parse(await lambda.invoke(httpApiEvent({ 'x-auth-token': 'a' }, REQUEST))));
  assert.equal(reply.statusCode, 504);
  assert.match(reply.body, /APIGW\.0201/);
});

test('emulated Lambda, http: a deadline beyond the time that is left is still a documented 504', TIMEOUT, async (t) => {
  const variables = { IAM_URL: await startSilentIam(t), IAM_TIMEOUT_MS: '60000' };
  const lambda = await startEmulatedLambda(t, { name: 'http', timeoutSeconds: 2, variables });
  const reply = parseReply(JSON.parse(await lambda.invoke(httpApiEvent({ 'x-auth-token': 'a' }, REQUEST))));
  assert.equal(reply.statusCode, 504);
});

test('emulated Lambda, event: direct, list, topic, and an error by its code', TIMEOUT, async (t) => {
  const lambda = await startEmulatedLambda(t, { name: 'event', timeoutSeconds: 6 });
  assert.match(await lambda.invoke({ random_data_length: '512' }), RANDOM_512);
  assert.equal((await nextAuditLine(lambda.child)).cold_start, true);

  const list = [{ eventSource: 'aws:sqs', body: REQUEST }, { random_data_length: 7 }];
  const [first, second, ...others] = JSON.parse(await lambda.invoke(list));
  assert.match(JSON.stringify(first), RANDOM_512);
  assert.equal(second.error.error_code, 'KMS.1801');
  assert.deepEqual(others, []);

  assert.match(await lambda.invoke({ Records: [{ Sns: { Message: REQUEST } }] }), RANDOM_512);
  assert.match(await lambda.invoke({ 'detail-type': 'draw', detail: { random_data_length: 512 } }), RANDOM_512);

  const { errorType } = JSON.parse(await lambda.invoke({ random_data_length: 513 }));
  assert.equal(errorType, 'KMS.1802');
});

test('emulated Lambda, event: an HTTP request is refused by name', TIMEOUT, async (t) => {
  const lambda = await startEmulatedLambda(t, { name: 'event', timeoutSeconds: 6 });
  const { errorType } = JSON.parse(await lambda.invoke(httpApiEvent({}, REQUEST)));
  assert.equal(errorType, 'UnsupportedTriggerError');
});

test('emulated Lambda: a wrong configuration is an error that names it', TIMEOUT, async (t) => {
  const variables = { IAM_URL: 'http://a-host-that-is-not-ours/v3' };
  const lambda = await startEmulatedLambda(t, { name: 'http', timeoutSeconds: 6, variables });
  const { errorType, errorMessage } = JSON.parse(await lambda.invoke(httpApiEvent({}, REQUEST)));
  assert.equal(errorType, 'ConfigError');
  assert.match(errorMessage, /IAM_URL/);
  assert.doesNotMatch(errorMessage, /not-ours/);
});
