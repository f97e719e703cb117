import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { assertRefused, requestIdOf } from '../../support/contract-reply.ts';
import { huaweiVariables } from '../../support/kms-huawei-dialect.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { columns, fieldsOf } from '../../support/samples.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../../support/test-server.ts';

/** A container with so many places, whose KMS passes its start-up test and keeps every later question until it is told to answer. */
async function start(context: TestContext, places: number) {
  const held: (() => void)[] = [];
  let isHolding = false;
  const kms = createServer(async (request, response) => {
    const bits = Number(fieldsOf(await json(request)).random_data_length);
    const answer = () => response.end(JSON.stringify({ random_data: randomBytes(bits / 8).toString('hex') }));
    if (isHolding) held.push(answer);
    else answer();
  });
  const { origin: kmsUrl } = await serveOnLoopback(kms, context);
  const environment = { ...STATIC, ...huaweiVariables(kmsUrl), ENTROPY_TIMEOUT_MS: '60000' };
  const container = await startContainer(context, { ...environment, MAX_IN_FLIGHT: String(places) });
  await container.service.core.warmedUp;
  isHolding = true;
  return {
    ...container,
    held,
    connect: () => openConnection(container.service.port),
    /** Lets so many draws end, once so many have begun. */
    async answer(draws: number) {
      while (held.length < draws) await setImmediate();
      for (const answer of held.splice(0)) answer();
    },
  };
}

/** The same with all its places taken. */
async function startBusy(context: TestContext, places: number) {
  const container = await start(context, places);
  const working = Array.from({ length: places }, container.connect);
  for (const connection of working) connection.send(REQUEST);
  while (container.held.length < places) await setImmediate();
  return { ...container, working };
}

const REQUEST = goodRequest().replace(TOKEN, STATIC_TOKEN);

test('beyond MAX_IN_FLIGHT a request is refused at once, and those at work are served', async (context) => {
  const { audited, connect, working, held, answer } = await startBusy(context, 3);
  const refused = connect();
  refused.send(REQUEST);
  const reply = await refused.reply();
  assertRefused(reply, '429 APIGW.0308');
  assert.deepEqual(columns(audited(), 'level', 'status', 'code', 'reason', 'request_id'), [
    ['warn', 429, 'APIGW.0308', 'too-many-in-flight', requestIdOf(reply)],
  ]);
  assert.equal(held.length, 3, 'the KMS was asked for the request that was refused');

  await answer(3);
  for (const connection of working) assert.equal((await connection.reply()).status, 200);
  // Its connection was kept, and there is room again.
  refused.send(REQUEST);
  await answer(1);
  assert.equal((await refused.reply()).status, 200);
  assert.deepEqual(columns(audited(), 'status').flat(), [429, 200, 200, 200, 200]);
});

test('the body of a refused request is read away', async (context) => {
  const refused = (await startBusy(context, 1)).connect();
  const body = 'x'.repeat(1_000_000);
  refused.send(head([`Content-Length: ${body.length}`]).replace(TOKEN, STATIC_TOKEN) + body + REQUEST);
  assert.deepEqual([(await refused.reply()).status, (await refused.reply()).status], [400, 429]);
});

test('health is answered however many requests are at work', async (context) => {
  const { origin } = await startBusy(context, 1);
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200);
});

test('senders who are slow with their bodies take no place from those who have sent theirs', async (context) => {
  const { connect, answer } = await start(context, 1);
  for (let slow = 0; slow < 5; slow += 1) {
    const connection = connect();
    connection.send(`${head(['Content-Length: 100']).replace(TOKEN, STATIC_TOKEN)}{`);
    await once(connection.socket, 'connect');
  }
  const good = connect();
  good.send(REQUEST);
  await answer(1);
  assert.equal((await good.reply()).status, 200);
});

test('a place is free again when its work is done, though its sender has left', async (context) => {
  const { audited, connect, working, answer } = await startBusy(context, 1);
  working[0]?.socket.resetAndDestroy();
  await answer(1);
  while (audited().length < 1) await setImmediate();
  const next = connect();
  next.send(REQUEST);
  await answer(1);
  assert.equal((await next.reply()).status, 200);
});

for (const { door, path, status, pattern } of [
  { door: 'functiongraph-event', path: '/invoke', status: 500, pattern: /"errorType":"APIGW\.0308"/ },
  { door: 'cloudevents', path: '/', status: 429, pattern: /"error_code":"APIGW\.0308"/ },
]) {
  test(`the door ${door} sheds load too`, async (context) => {
    const kms = await serveOnLoopback(createServer(), context);
    const environment = { ...huaweiVariables(kms.origin), SERVER_DOOR: door, MAX_IN_FLIGHT: '1' };
    const { origin, audited } = await startContainer(context, environment);
    const event = { specversion: '1.0', id: '1', source: '/a', type: 't', data: { random_data_length: 8 } };
    const headers = { 'Content-Type': 'application/cloudevents+json' };
    const ask = () => fetch(origin + path, { method: 'POST', headers, body: JSON.stringify(event) });
    // Whichever comes second is refused; the other waits for a KMS that never answers.
    const both = [ask(), ask()];
    const refused = await Promise.race(both);
    assert.equal(refused.status, status);
    assert.match(await refused.text(), pattern);
    assert.deepEqual(columns(audited(), 'status', 'code'), [[429, 'APIGW.0308']]);
    kms.close();
    await Promise.allSettled(both);
  });
}
