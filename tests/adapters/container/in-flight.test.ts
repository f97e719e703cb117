import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { refusalAnswer } from '../../support/contract.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { startContainer } from '../../support/started-service.ts';
import { goodRequest, PROJECT_ID, TOKEN } from '../../support/test-server.ts';

/** An IAM that keeps every question until it is told to answer. */
async function startHeldIam(context: TestContext) {
  const held: ServerResponse[] = [];
  const { origin, close } = await serveOnLoopback(createServer((_, response) => held.push(response)));
  context.after(close);
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
  return {
    environment: { IAM_URL: `${origin}/v3`, IAM_TIMEOUT_MS: '60000', MAX_IN_FLIGHT: '3' },
    held,
    answerAll() {
      for (const response of held.splice(0)) response.end(JSON.stringify({ token }));
    },
  };
}

const request = (index: number) => goodRequest().replace(TOKEN, `token-${index}`);

test('beyond MAX_IN_FLIGHT a request is refused at once, and those at work are served', async (context) => {
  const iam = await startHeldIam(context);
  const { service, origin, audited } = await startContainer(context, iam.environment);
  const working = [1, 2, 3].map(() => openConnection(service.port));
  for (const [index, connection] of working.entries()) connection.send(request(index));
  while (iam.held.length < 3) await fetch(`${origin}/healthz`);

  const refused = openConnection(service.port);
  refused.send(request(4));
  const { status, headers, body } = await refused.reply();
  const expected = refusalAnswer('429 APIGW.0308', headers['x-request-id'] ?? '', iam.environment.IAM_URL);
  assert.deepEqual([status, body], [expected.status, expected.body]);
  for (const [name, value] of Object.entries(expected.headers)) assert.equal(headers[name.toLowerCase()], value, name);
  assert.deepEqual(
    audited().map((line) => [line.level, line.status, line.code, line.reason, line.request_id]),
    [['warn', 429, 'APIGW.0308', 'too-many-in-flight', headers['x-request-id']]],
  );
  assert.equal(iam.held.length, 3, 'IAM was asked for the request that was refused');

  iam.answerAll();
  for (const connection of working) assert.equal((await connection.reply()).status, 200);
  // Its connection was kept, and there is room again.
  refused.send(request(1));
  assert.equal((await refused.reply()).status, 200);
  assert.deepEqual(
    audited().map((line) => line.status),
    [429, 200, 200, 200, 200],
  );
});

test('the body of a refused request is read away', async (context) => {
  const iam = await startHeldIam(context);
  const { service, origin } = await startContainer(context, { ...iam.environment, MAX_IN_FLIGHT: '1' });
  openConnection(service.port).send(request(1));
  while (iam.held.length < 1) await fetch(`${origin}/healthz`);
  const refused = openConnection(service.port);
  const body = 'x'.repeat(1_000_000);
  refused.send(`POST /a HTTP/1.1\r\nHost: kms\r\nContent-Length: ${body.length}\r\n\r\n${body}${request(2)}`);
  assert.deepEqual([(await refused.reply()).status, (await refused.reply()).status], [429, 429]);
});

test('health is answered however many requests are at work', async (context) => {
  const iam = await startHeldIam(context);
  const { service, origin } = await startContainer(context, { ...iam.environment, MAX_IN_FLIGHT: '1' });
  openConnection(service.port).send(request(1));
  while (iam.held.length < 1) await fetch(`${origin}/healthz`);
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200);
});

test('senders who take their time with their bodies take no place from those who have sent theirs', async (context) => {
  const iam = await startHeldIam(context);
  const { service } = await startContainer(context, { ...iam.environment, MAX_IN_FLIGHT: '1' });
  for (let slow = 0; slow < 5; slow += 1) {
    const connection = openConnection(service.port);
    connection.send('POST /a HTTP/1.1\r\nHost: kms\r\nContent-Length: 100\r\n\r\n{');
    await once(connection.socket, 'connect');
  }
  const good = openConnection(service.port);
  good.send(request(1));
  while (iam.held.length < 1) await setImmediate();
  iam.answerAll();
  assert.equal((await good.reply()).status, 200);
});

test('a place is free again when its work is done, though its sender has left', { timeout: 5_000 }, async (context) => {
  const iam = await startHeldIam(context);
  const { service, audited } = await startContainer(context, { ...iam.environment, MAX_IN_FLIGHT: '1' });
  const leaving = openConnection(service.port);
  leaving.send(request(1));
  while (iam.held.length < 1) await setImmediate();
  leaving.socket.resetAndDestroy();
  iam.answerAll();
  while (audited().length < 1) await setImmediate();
  const next = openConnection(service.port);
  next.send(request(1));
  assert.equal((await next.reply()).status, 200);
});

for (const { door, path, status, pattern } of [
  { door: 'functiongraph-event', path: '/invoke', status: 500, pattern: /"errorType":"APIGW\.0308"/ },
  { door: 'cloudevents', path: '/', status: 429, pattern: /"error_code":"APIGW\.0308"/ },
]) {
  test(`the door ${door} sheds load too`, async (context) => {
    const kms = await serveOnLoopback(createServer());
    context.after(kms.close);
    const { origin, audited } = await startContainer(context, {
      SERVER_DOOR: door,
      MAX_IN_FLIGHT: '1',
      ENTROPY_SOURCES: 'huawei-kms',
      HUAWEI_KMS_URL: kms.origin,
      HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
      HUAWEI_ACCESS_KEY: 'AK',
      HUAWEI_SECRET_KEY: 'SK',
    });
    const event = { specversion: '1.0', id: '1', source: '/a', type: 't', data: { random_data_length: 8 } };
    const headers = { 'Content-Type': 'application/cloudevents+json' };
    const ask = () => fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(event) });
    // Whichever comes second is refused; the other waits for a KMS that never answers.
    const both = [ask(), ask()];
    const refused = await Promise.race(both);
    assert.equal(refused.status, status);
    assert.match(await refused.text(), pattern);
    assert.deepEqual(
      audited().map((line) => [line.status, line.code]),
      [[429, 'APIGW.0308']],
    );
    kms.close();
    await Promise.allSettled(both);
  });
}
