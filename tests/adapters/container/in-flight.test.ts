import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { PATH, PROJECT_ID, refusalAnswer } from '../../support/contract.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';

/** A container whose KMS keeps every question until it is told to answer; its start-up test is over. */
async function startWithHeldKms(context: TestContext, limit: number) {
  const held: (() => void)[] = [];
  let isHolding = false;
  const kms = createServer(async (request, response) => {
    const { random_data_length: bits } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const answer = () => response.end(JSON.stringify({ random_data: randomBytes(bits / 8).toString('hex') }));
    if (isHolding) held.push(answer);
    else answer();
  });
  const { origin: kmsUrl, close } = await serveOnLoopback(kms);
  context.after(close);
  const container = await startContainer(context, {
    ...STATIC,
    MAX_IN_FLIGHT: String(limit),
    ENTROPY_SOURCES: 'huawei-kms',
    ENTROPY_TIMEOUT_MS: '60000',
    HUAWEI_KMS_URL: kmsUrl,
    HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
    HUAWEI_ACCESS_KEY: 'AK',
    HUAWEI_SECRET_KEY: 'SK',
  });
  await container.service.core.warmedUp;
  isHolding = true;
  return {
    ...container,
    held,
    answerAll() {
      for (const answer of held.splice(0)) answer();
    },
    async untilHeld(requests: number) {
      while (held.length < requests) await setImmediate();
    },
  };
}

const BODY = '{"random_data_length":"512"}';
const HEAD = `POST ${PATH} HTTP/1.1\r\nHost: kms\r\nX-Auth-Token: ${STATIC_TOKEN}\r\nContent-Type: application/json\r\n`;
const GOOD = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const PATIENCE = { timeout: 20_000 };

test('beyond MAX_IN_FLIGHT a request is refused at once, and those at work are served', PATIENCE, async (context) => {
  const { service, audited, held, answerAll, untilHeld } = await startWithHeldKms(context, 3);
  const working = [1, 2, 3].map(() => openConnection(service.port));
  for (const connection of working) connection.send(GOOD);
  await untilHeld(3);

  const refused = openConnection(service.port);
  refused.send(GOOD);
  const { status, headers, body } = await refused.reply();
  const expected = refusalAnswer('429 APIGW.0308', headers['x-request-id'] ?? '', '');
  assert.deepEqual([status, body], [expected.status, expected.body]);
  for (const [name, value] of Object.entries(expected.headers)) assert.equal(headers[name.toLowerCase()], value, name);
  assert.deepEqual(
    audited().map((line) => [line.level, line.status, line.code, line.reason, line.request_id]),
    [['warn', 429, 'APIGW.0308', 'too-many-in-flight', headers['x-request-id']]],
  );
  assert.equal(held.length, 3, 'the KMS was asked for the request that was refused');

  answerAll();
  for (const connection of working) assert.equal((await connection.reply()).status, 200);
  // Its connection was kept, and there is room again.
  refused.send(GOOD);
  await untilHeld(1);
  answerAll();
  assert.equal((await refused.reply()).status, 200);
  assert.deepEqual(
    audited().map((line) => line.status),
    [429, 200, 200, 200, 200],
  );
});

test('the body of a refused request is read away', PATIENCE, async (context) => {
  const { service, untilHeld } = await startWithHeldKms(context, 1);
  openConnection(service.port).send(GOOD);
  await untilHeld(1);
  const refused = openConnection(service.port);
  const body = 'x'.repeat(1_000_000);
  refused.send(`${HEAD}Content-Length: ${body.length}\r\n\r\n${body}${GOOD}`);
  assert.deepEqual([(await refused.reply()).status, (await refused.reply()).status], [400, 429]);
});

test('health is answered however many requests are at work', PATIENCE, async (context) => {
  const { service, origin, untilHeld } = await startWithHeldKms(context, 1);
  openConnection(service.port).send(GOOD);
  await untilHeld(1);
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200);
});

test(
  'senders who are slow with their bodies take no place from those who have sent theirs',
  PATIENCE,
  async (context) => {
    const { service, answerAll, untilHeld } = await startWithHeldKms(context, 1);
    for (let slow = 0; slow < 5; slow += 1) {
      const connection = openConnection(service.port);
      connection.send(`${HEAD}Content-Length: 100\r\n\r\n{`);
      await once(connection.socket, 'connect');
    }
    const good = openConnection(service.port);
    good.send(GOOD);
    await untilHeld(1);
    answerAll();
    assert.equal((await good.reply()).status, 200);
  },
);

test('a place is free again when its work is done, though its sender has left', PATIENCE, async (context) => {
  const { service, audited, answerAll, untilHeld } = await startWithHeldKms(context, 1);
  const leaving = openConnection(service.port);
  leaving.send(GOOD);
  await untilHeld(1);
  leaving.socket.resetAndDestroy();
  answerAll();
  while (audited().length < 1) await setImmediate();
  const next = openConnection(service.port);
  next.send(GOOD);
  await untilHeld(1);
  answerAll();
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
