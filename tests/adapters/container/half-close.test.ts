import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { PROJECT_ID } from '../../support/contract.ts';
import { freePort } from '../../support/free-port.ts';
import { startHeldIam } from '../../support/held-iam.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { columns } from '../../support/samples.ts';
import { heldDraw } from '../../support/scripted-app.ts';
import { startContainer } from '../../support/started-service.ts';
import { goodRequest, startConnected, TOKEN } from '../../support/test-server.ts';

const TIMEOUT = { timeout: 10_000 };

/** Sends and ends its side at once. @returns all that comes back */
async function sendAndEnd(port: number, text: string): Promise<{ socket: Socket; received: Promise<string> }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let all = '';
  socket.setEncoding('latin1').on('data', (part: string) => {
    all += part;
  });
  const received = once(socket, 'end').then(() => all);
  socket.end(text);
  return { socket, received };
}

test('a client that ends its side after its request gets the answer', TIMEOUT, async (context) => {
  const iam = await startHeldIam(context);
  const { service, audited } = await startContainer(context, iam.environment);
  const { received } = await sendAndEnd(service.port, goodRequest());
  await iam.asked(1);
  iam.answerAll();
  assert.match(await received, /^HTTP\/1\.1 200 .*\{"random_data":"[0-9A-F]{2}"\}$/s);
  assert.deepEqual(columns(audited(), 'status', 'client_gone'), [[200, undefined]]);
});

test('so does one that has sent several', TIMEOUT, async (context) => {
  const iam = await startHeldIam(context);
  const { service } = await startContainer(context, iam.environment);
  const requests = [1, 2, 3].map((index) => goodRequest().replace(TOKEN, `token-${index}`));
  const { received } = await sendAndEnd(service.port, requests.join(''));
  await iam.asked(3);
  iam.answerAll();
  assert.equal((await received).match(/HTTP\/1\.1 200 .*?\{"random_data":"[0-9A-F]{2}"\}/gs)?.length, 3);
});

async function bytesGiven(port: number): Promise<string | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return /^gen_random_random_bytes_total (.*)$/m.exec(text)?.[1];
}

test('for a client that has gone nothing is drawn, and its line says so', TIMEOUT, async (context) => {
  const iam = await startHeldIam(context);
  const metrics = await freePort();
  const { service, audited } = await startContainer(context, { ...iam.environment, METRICS_PORT: String(metrics) });
  const leaving = openConnection(service.port);
  leaving.send(goodRequest());
  await iam.asked(1);
  leaving.socket.resetAndDestroy();
  // A later connection is answered: the reset has been seen.
  await fetch(`http://127.0.0.1:${service.port}/healthz`);
  iam.answerAll();
  while (audited().length === 0) await turn();
  assert.deepEqual(columns(audited(), 'status', 'reason', 'client_gone', 'sources'), [
    [400, 'sender-left', true, undefined],
  ]);
  assert.equal(await bytesGiven(metrics), '0');
});

test('what was drawn for a client that went meanwhile is audited, and not as given', TIMEOUT, async (context) => {
  const { draw, started, release } = heldDraw();
  const { accepted, connection: leaving, lines } = await startConnected(context, { draw });
  leaving.send(goodRequest());
  const socket = await accepted;
  await started;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  leaving.socket.resetAndDestroy();
  await closed;
  release();
  while (lines.length === 0) await turn();
  assert.deepEqual(columns(lines, 'status', 'reason', 'client_gone', 'bit_length', 'sources'), [
    [400, 'sender-left', true, 8, ['scripted']],
  ]);
});

for (const { door, path } of [
  { door: 'functiongraph-event', path: '/invoke' },
  { door: 'cloudevents', path: '/' },
]) {
  test(
    `the door ${door} says of a sender that went while bytes were drawn that it has gone`,
    TIMEOUT,
    async (context) => {
      const held: (() => void)[] = [];
      let isHeld = false;
      const server = createServer(async (request, response) => {
        const { random_data_length: bits } = (await json(request)) as { random_data_length: string };
        const answer = (): void => {
          response.end(
            JSON.stringify({
              random_data: randomBytes(Number(bits) / 8)
                .toString('hex')
                .toUpperCase(),
            }),
          );
        };
        if (isHeld) held.push(answer);
        else answer();
      });
      const kms = await serveOnLoopback(server);
      context.after(kms.close);
      const { service, audited } = await startContainer(context, {
        SERVER_DOOR: door,
        ENTROPY_SOURCES: 'huawei-kms',
        HUAWEI_KMS_URL: kms.origin,
        HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
        HUAWEI_ACCESS_KEY: 'AK',
        HUAWEI_SECRET_KEY: 'SK',
      });
      await service.core.warmedUp;
      isHeld = true;
      const event = { specversion: '1.0', id: '1', source: '/a', type: 't', data: { random_data_length: 8 } };
      const body = JSON.stringify(door === 'cloudevents' ? event : event.data);
      const leaving = openConnection(service.port);
      const type = 'Content-Type: application/cloudevents+json';
      leaving.send(`POST ${path} HTTP/1.1\r\nHost: a\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      while (held.length === 0) await turn();
      leaving.socket.resetAndDestroy();
      // A later connection is answered: the reset has been seen.
      await fetch(`http://127.0.0.1:${service.port}/healthz`);
      for (const answer of held) answer();
      while (audited().length === 0) await turn();
      assert.deepEqual(
        audited().map(({ status, reason, client_gone, sources }) => [status, reason, client_gone, sources]),
        [[400, 'sender-left', true, ['huawei-kms']]],
      );
    },
  );
}

test('an outage that a client did not wait for is still an outage in its line', TIMEOUT, async (context) => {
  const iam = await startHeldIam(context);
  const { service, audited } = await startContainer(context, { ...iam.environment, IAM_TIMEOUT_MS: '200' });
  const leaving = openConnection(service.port);
  leaving.send(goodRequest());
  await iam.asked(1);
  leaving.socket.resetAndDestroy();
  while (audited().length === 0) await turn();
  assert.deepEqual(columns(audited(), 'status', 'reason', 'client_gone'), [[504, 'iam-timeout', true]]);
});
