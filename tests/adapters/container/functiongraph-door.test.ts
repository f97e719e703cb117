import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { deferred } from '../../support/deferred.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { eventSamples, patternOf } from '../../support/samples.ts';
import { startContainer } from '../../support/started-service.ts';
import { PATH } from '../../support/test-server.ts';

// Without an IAM_URL: the platform alone reaches this door.
const start = (context: TestContext) => startContainer(context, { SERVER_DOOR: 'functiongraph-event' });

const post = (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });

test('POST /init is answered and audits nothing', async (context) => {
  const { origin, audited } = await start(context);
  const response = await post(`${origin}/init`, '{}');
  assert.deepEqual([response.status, await response.text()], [200, '{}']);
  assert.deepEqual(audited(), []);
});

test('POST /init is answered when every remote source has been asked, as an initializer calls back', async (context) => {
  const asked = deferred<ServerResponse>();
  const kms = await serveOnLoopback(createServer((_request, response) => asked.resolve(response)));
  context.after(kms.close);
  const { origin } = await startContainer(context, {
    SERVER_DOOR: 'functiongraph-event',
    ENTROPY_SOURCES: 'huawei-kms',
    HUAWEI_KMS_URL: kms.origin,
    HUAWEI_KMS_PROJECT_ID: '0123456789abcdef0123456789abcdef',
    HUAWEI_ACCESS_KEY: 'AK',
    HUAWEI_SECRET_KEY: 'a-secret-of-the-tests',
  });
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
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-/);
  }
});

test('the audit line has the id of the invocation, or a fresh one', async (context) => {
  const { origin, audited } = await start(context);
  const body = '{"random_data_length":"8"}';
  await (await post(`${origin}/invoke`, body, { 'X-CFF-Request-Id': 'fg-7c307f6a' })).text();
  await (await post(`${origin}/invoke?x=y`, body)).text();
  const [first, second] = audited();
  assert.deepEqual([first?.request_id, first?.status, first?.trigger], ['fg-7c307f6a', 200, 'direct']);
  assert.match(String(second?.request_id), /^[0-9a-f]{8}-/);
});

const UNREADABLE = [
  { name: 'that is not JSON', body: '{"random', code: 'KMS.0202', status: 400 },
  { name: 'that is empty', body: '', code: 'KMS.0202', status: 400 },
  {
    name: 'that is no UTF-8',
    body: Buffer.from('{"random_data_length":8,"x":"\xff"}', 'latin1'),
    code: 'KMS.0202',
    status: 400,
  },
  { name: 'of more than 6 MiB', body: `"${'x'.repeat(6 * 1024 * 1024)}"`, code: 'KMS.0203', status: 400 },
];
for (const { name, body, code, status } of UNREADABLE) {
  test(`an event ${name} is a thrown ${code} with one audit line`, async (context) => {
    const { origin, audited } = await start(context);
    const response = await post(`${origin}/invoke`, body, { 'X-CFF-Request-Id': 'fg-1' });
    const { errorType, errorMessage } = (await response.json()) as Record<string, unknown>;
    assert.deepEqual([response.status, errorType, response.headers.get('x-request-id')], [500, code, 'fg-1']);
    assert.match(String(errorMessage), /^[A-Z][a-zA-Z ]+\.$/);
    assert.deepEqual(
      audited().map((line) => [line.request_id, line.status, line.code]),
      [['fg-1', status, code]],
    );
  });
}

test('an event of just 6 MiB is read', async (context) => {
  const { origin } = await start(context);
  const response = await post(`${origin}/invoke`, '{"random_data_length":"8"}'.padEnd(6 * 1024 * 1024));
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
  const body = '{"random_data_length":"8"}';
  for (const target of ['/invoke?x=/y', '//invoke', 'http://fg.test/invoke', 'HTTP://fg.test//invoke?x']) {
    const connection = openConnection(service.port);
    const head = `POST ${target} HTTP/1.1\r\nHost: fg.test\r\nConnection: close\r\nContent-Length: ${body.length}`;
    connection.send(`${head}\r\n\r\n${body}`);
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
