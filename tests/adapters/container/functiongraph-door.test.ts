import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { PATH } from '../../support/contract.ts';
import { deferred } from '../../support/deferred.ts';
import { huaweiVariables } from '../../support/kms-huawei-dialect.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { columns, eventSamples, patternOf } from '../../support/samples.ts';
import { fetchFromEventDoor, startContainer } from '../../support/started-service.ts';

// Without an IAM_URL: the platform alone reaches this door.
const start = (context: TestContext) => startContainer(context, { SERVER_DOOR: 'functiongraph-event' });

const BODY = '{"random_data_length":"8"}';

/** Sends what the platform sends, with its id of the invocation where one is given. */
const post = (url: string, body: string | Uint8Array, id?: string) =>
  fetchFromEventDoor(
    url,
    { method: 'POST', body, headers: { ...(id !== undefined && { 'X-CFF-Request-Id': id }) } },
    id,
  );

test('POST /init is answered and audits nothing', async (context) => {
  const { origin, audited } = await start(context);
  const response = await post(`${origin}/init`, '{}');
  assert.deepEqual([response.status, await response.text()], [200, '{}']);
  assert.deepEqual(audited(), []);
});

test('POST /init is answered when every remote source has been asked, as an initializer calls back', async (context) => {
  const asked = deferred<ServerResponse>();
  const kms = await serveOnLoopback(
    createServer((_request, response) => asked.resolve(response)),
    context,
  );
  const settings = { ...huaweiVariables(kms.origin), SERVER_DOOR: 'functiongraph-event' };
  const { origin } = await startContainer(context, settings);
  const order: string[] = [];
  const init = post(`${origin}/init`, '{}').then(() => order.push('init'));
  const response = await asked.promise;
  await (await fetch(`${origin}/healthz`)).text();
  order.push('kms answers');
  response.end();
  await init;
  assert.deepEqual(order, ['kms answers', 'init']);
});

test('POST /invoke answers every sample: results with 200, what was thrown with 500', async (context) => {
  const { origin } = await start(context);
  for (const { name, event, reply } of eventSamples()) {
    const response = await post(`${origin}/invoke`, JSON.stringify(event));
    const isThrown = typeof reply === 'object' && reply !== null && 'errorType' in reply;
    assert.equal(response.status, isThrown ? 500 : 200, name);
    assert.match(await response.text(), patternOf(JSON.stringify(reply)), name);
    assert.equal(response.headers.get('content-type'), 'application/json;charset=utf-8');
  }
});

test('the audit line has the id of the invocation, or a fresh one', async (context) => {
  const { origin, audited } = await start(context);
  await (await post(`${origin}/invoke`, BODY, 'fg-7c307f6a')).text();
  const fresh = await post(`${origin}/invoke?x=y`, BODY);
  const malformed = await fetchFromEventDoor(`${origin}/invoke`, {
    method: 'POST',
    body: BODY,
    headers: { 'X-CFF-Request-Id': 'one two' },
  });
  assert.deepEqual(
    columns(audited(), 'request_id', 'status', 'trigger'),
    ['fg-7c307f6a', ...[fresh, malformed].map(({ headers }) => headers.get('x-request-id'))].map((id) => [
      id,
      200,
      'direct',
    ]),
  );
});

const UNREADABLE = [
  { name: 'that is not JSON', body: '{"random', code: 'KMS.0202' },
  { name: 'that is empty', body: '', code: 'KMS.0202' },
  { name: 'that is no UTF-8', body: Buffer.from('{"random_data_length":8,"x":"\xff"}', 'latin1'), code: 'KMS.0202' },
  { name: 'of more than 6 MiB', body: `"${'x'.repeat(6 * 1024 * 1024)}"`, code: 'KMS.0203' },
  { name: 'that is a request without a length', body: '{}', code: 'KMS.0204' },
];
for (const { name, body, code } of UNREADABLE) {
  test(`an event ${name} is a thrown ${code} with one audit line`, async (context) => {
    const { origin, audited } = await start(context);
    const response = await post(`${origin}/invoke`, body, 'fg-1');
    const { errorType, errorMessage } = (await response.json()) as Record<string, unknown>;
    assert.deepEqual([response.status, errorType], [500, code]);
    assert.match(String(errorMessage), /^[A-Z][a-zA-Z ]+\.$/);
    assert.deepEqual(columns(audited(), 'request_id', 'status', 'code'), [['fg-1', 400, code]]);
  });
}

test('an event of just 6 MiB is read', async (context) => {
  const { origin } = await start(context);
  const response = await post(`${origin}/invoke`, BODY.padEnd(6 * 1024 * 1024));
  assert.match(await response.text(), /^\{"random_data":"[0-9A-F]{2}"\}$/);
});

test('a sender that leaves in the middle is one audit line, and the next is served', async (context) => {
  const { origin, service, audited } = await start(context);
  const connection = openConnection(service.port);
  connection.send('POST /invoke HTTP/1.1\r\nHost: fg\r\nContent-Length: 100\r\n\r\n{"random');
  // Behind it on another connection: when that is answered, the first has arrived.
  await (await post(`${origin}/init`, '{}')).text();
  connection.socket.destroy();
  while (audited().length === 0) await (await post(`${origin}/init`, '{}')).text();
  assert.deepEqual([audited()[0]?.status, audited()[0]?.code], [400, 'KMS.0214']);
});

test('a query, slashes at the beginning and the absolute form are the same target', async (context) => {
  const { service } = await start(context);
  for (const target of ['/invoke?x=/y', '//invoke', 'http://fg.test/invoke', 'HTTP://fg.test//invoke?x']) {
    const connection = openConnection(service.port);
    const head = `POST ${target} HTTP/1.1\r\nHost: fg.test\r\nConnection: close\r\nContent-Length: ${BODY.length}`;
    connection.send(`${head}\r\n\r\n${BODY}`);
    assert.equal((await connection.reply()).status, 200, target);
  }
});

const ELSEWHERE = [
  { method: 'GET', path: '/invoke' },
  { method: 'PUT', path: '/invoke' },
  { method: 'GET', path: '/init' },
  { method: 'POST', path: '/invoke/' },
  { method: 'POST', path: '/' },
  { method: 'POST', path: '/invoke2' },
  { method: 'POST', path: PATH },
  { method: 'GET', path: '/metrics' },
];
test('everything else is 404 of the catalogue, gen-random with a token too', async (context) => {
  const { origin, audited, lines } = await start(context);
  const body = {
    error: {
      error_code: 'APIGW.0101',
      error_msg: 'The API does not exist or has not been published in the environment.',
    },
  };
  for (const { method, path } of ELSEWHERE) {
    const sent = method === 'GET' ? {} : { body: '{"random_data_length":"8"}' };
    const headers = { 'X-Auth-Token': 'whatever', 'Content-Type': 'application/json' };
    const response = await fetch(`${origin}${path}`, { method, headers, ...sent });
    assert.deepEqual([response.status, await response.json()], [404, body], `${method} ${path}`);
    const { request_id: requestId, status, code } = lines.at(-1) ?? {};
    assert.deepEqual([response.headers.get('x-request-id'), 404, 'APIGW.0101'], [requestId, status, code]);
  }
  assert.deepEqual(audited(), []);
});
