import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Draw } from '../../../lib/entropy/draw.ts';
import { assertRefused } from '../../support/contract-reply.ts';
import { deferred } from '../../support/deferred.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { heldDraw } from '../../support/scripted-app.ts';
import { ANSWER, goodRequest, head, startConnected, startTestServer, TOKEN } from '../../support/test-server.ts';

test('pipelined requests are answered in their order', async (context) => {
  const second = deferred();
  const drawn: number[] = [];
  const draw = async (length: number): Promise<Draw> => {
    drawn.push(length);
    if (drawn.length === 1) await second.promise;
    else second.resolve();
    return { bytes: new Uint8Array(length).fill(length), sources: [], omitted: [] };
  };
  const { connection } = await startConnected(context, { draw });
  connection.send(goodRequest() + goodRequest().replace('26', '27').replace('"8"', '"16"'));
  assert.equal((await connection.reply()).body, '{"random_data":"01"}');
  assert.equal((await connection.reply()).body, '{"random_data":"0202"}');
});

const GARBAGE = [
  { name: 'garbage', text: 'garbage\r\n\r\n' },
  { name: 'two lengths', text: head(['Content-Length: 1', 'Content-Length: 2']) },
  { name: 'headers that are too large', text: head([`X-A: ${'a'.repeat(100_000)}`]) },
  { name: 'a bad chunk', text: `${head(['Transfer-Encoding: chunked'])}zz\r\n` },
];
for (const { name, text } of GARBAGE) {
  test(`${name} behind a good request does not disturb its answer`, async (context) => {
    const { connection } = await startConnected(context);
    connection.send(goodRequest() + text);
    const reply = await connection.reply();
    assert.deepEqual([reply.status, reply.body], [200, ANSWER]);
    // Whatever follows is a reply of its own.
    const rest = await connection.rest();
    assert.match(rest, /^(?:$|HTTP\/1\.1 4)/);
  });

  test(`${name} behind a request that is still being drawn for does not disturb its answer`, async (context) => {
    const { draw, started, release } = heldDraw();
    const { server, connection } = await startConnected(context, { draw });
    connection.send(goodRequest());
    await started;
    const refused = once(server, 'clientError');
    connection.send(text);
    await refused;
    release();
    assert.equal((await connection.reply()).body, '{"random_data":"5A"}');
    assert.match(await connection.rest(), /^(?:$|HTTP\/1\.1 4)/);
  });
}

const CHUNKED = 'Transfer-Encoding: chunked';
const REFUSED = [
  ...GARBAGE,
  { name: 'two Hosts', text: head(['Host: other.test', 'Content-Length: 4']) },
  { name: 'two Hosts and a body', text: `${head(['Host: other.test', 'Content-Length: 4'])}abcd` },
  { name: 'two Hosts and a broken body', text: `${head(['Host: other.test', CHUNKED])}zz\r\n` },
  { name: 'an unknown coding and a broken body', text: `${head(['Transfer-Encoding: gzip, chunked'])}zz\r\n` },
  { name: 'an over-long body that breaks off', text: `${head([CHUNKED])}ffff\r\n${'a'.repeat(0xffff)}\r\nzz\r\n` },
  { name: 'a bad token and a broken body', text: `${head([CHUNKED]).replace(TOKEN, 'bad')}3\r\nabc\r\nzz\r\n` },
  { name: 'another path and a broken body', text: `${head([CHUNKED], 'POST / HTTP/1.1')}zz\r\n` },
];
const TRIES = 96;

for (const { name, text } of REFUSED) {
  test(`${TRIES} of ${TRIES} that send ${name} behind a good request, in one write, get both answers`, async (context) => {
    const { port, lines } = await startTestServer(context, {
      draw: async (length) => {
        // Behind the next turn, in which the second request is refused.
        await turn();
        return { bytes: new Uint8Array(length).fill(0xa5), sources: [], omitted: [] };
      },
    });
    const answers = Array.from({ length: TRIES }, async () => {
      const connection = openConnection(port);
      connection.send(goodRequest() + text);
      const [first, second] = [await connection.reply(), await connection.reply()];
      assert.equal(await connection.rest(), '');
      return `${first.status} ${first.body} ${Math.floor(second.status / 100)}xx`;
    });
    assert.deepEqual(new Set(await Promise.all(answers)), new Set([`200 ${ANSWER} 4xx`]));
    assert.equal(lines.length, 2 * TRIES);
  });
}

test('what stands behind a request that ended its connection is not even parsed', async (context) => {
  const { draw, release } = heldDraw();
  const { server, connection } = await startConnected(context, { draw });
  let requests = 0;
  server.on('request', () => {
    requests += 1;
  });
  connection.send(goodRequest() + head(['Host: other.test', 'Content-Length: 0']));
  const flood = goodRequest().repeat(1_000);
  for (let count = 0; count < 20; count += 1) {
    await new Promise<void>((resolve) => connection.socket.write(flood, () => resolve()));
  }
  release();
  assert.deepEqual([(await connection.reply()).status, (await connection.reply()).status], [200, 400]);
  assert.equal(await connection.rest(), '');
  assert(requests < 1_000, `${requests} requests`);
});

test('CONNECT behind a request that is still being drawn for is answered behind it', async (context) => {
  const { draw, release } = heldDraw();
  const { server, connection } = await startConnected(context, { draw });
  const connected = once(server, 'connect');
  connection.send(`${goodRequest()}CONNECT kms:443 HTTP/1.1\r\nHost: kms\r\n\r\n`);
  await connected;
  release();
  assert.equal((await connection.reply()).body, '{"random_data":"5A"}');
  assert.equal((await connection.reply()).status, 404);
});

test('garbage that comes piece by piece is answered all the same', async (context) => {
  const { connection } = await startConnected(context);
  connection.send('garbage\r\n\r\n');
  const dripping = setInterval(() => connection.send('more garbage\r\n'), 1);
  context.after(() => clearInterval(dripping));
  assertRefused(await connection.reply(), '400 KMS.0214');
});

test('garbage on an idle connection is answered', async (context) => {
  const { connection } = await startConnected(context);
  connection.send(goodRequest());
  assert.equal((await connection.reply()).status, 200);
  connection.send('garbage\r\n\r\n');
  assertRefused(await connection.reply(), '400 KMS.0214');
});
