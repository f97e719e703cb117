import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { createHttpServer } from '../../../lib/adapters/container/http-server.ts';
import { assertOneLine, assertRefused } from '../../support/contract-reply.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { goodRequest, head, hurry, startConnected, startTestServer, TOKEN } from '../../support/test-server.ts';

const KIB = 1024;

test('a client has five seconds for its headers, ten for its request and 75 between two', () => {
  const server = createHttpServer();
  assert.deepEqual(
    [server.headersTimeout, server.requestTimeout, server.keepAliveTimeout, server.timeout],
    [5_000, 10_000, 75_000, 0],
  );
});

const TOO_LARGE = [
  { name: 'one header of 48 KiB', text: head([`X-A: ${'a'.repeat(48 * KIB)}`]) },
  { name: 'one header of 5 MB', text: head([`X-A: ${'a'.repeat(5_000_000)}`]) },
  { name: 'many headers', text: head(Array.from({ length: 100 }, (_, index) => `X-${index}: ${'a'.repeat(KIB)}`)) },
  { name: 'more headers than Node counts', text: head(Array.from({ length: 2001 }, (_, index) => `X-${index}: a`)) },
  { name: 'a path of 48 KiB', text: head([], `POST /${'a'.repeat(48 * KIB)} HTTP/1.1`) },
];
for (const { name, text } of TOO_LARGE) {
  test(`${name}: 431 KMS.0203 with one audit line`, async (context) => {
    const { lines, connection } = await startConnected(context);
    connection.send(text);
    const reply = await connection.reply();
    assertRefused(reply, '431 KMS.0203');
    assertOneLine(lines, reply, '431 KMS.0203');
    connection.socket.destroy();
  });
}

const TOKENS = [
  { characters: 20_000, status: 200 },
  { characters: 32 * KIB, status: 200 },
  { characters: 32 * KIB + 1, status: 401 },
  { characters: 47 * KIB, status: 401 },
  { characters: 48 * KIB, status: 431 },
];
for (const { characters, status } of TOKENS) {
  test(`a token of ${characters} characters: ${status}`, async (context) => {
    const { connection } = await startConnected(context);
    connection.send(goodRequest().replace(TOKEN, TOKEN.padStart(characters, 'x')));
    assert.equal((await connection.reply()).status, status);
  });
}

const SLOW = [
  { name: 'headers that stop', text: 'POST / HTTP/1.1\r\nHost: kms' },
  { name: 'a body that stops', text: `${head(['Content-Length: 100'])}{"random` },
  { name: 'a body that does not begin', text: head(['Content-Length: 100']) },
  { name: 'chunks that stop', text: `${head(['Transfer-Encoding: chunked'])}8\r\n{"random\r\n` },
];
for (const { name, text } of SLOW) {
  test(`${name}: 408 KMS.0214 with one audit line, and the connection ends`, async (context) => {
    const { lines, connection } = await startConnected(context, { adjust: hurry });
    connection.send(text);
    const reply = await connection.reply();
    assertRefused(reply, '408 KMS.0214');
    assert.equal(reply.headers.connection, 'close');
    assert.equal(await connection.rest(), '');
    assertOneLine(lines, reply, '408 KMS.0214');
  });
}

test('a byte now and then does not keep a slow request alive', async (context) => {
  const { connection } = await startConnected(context, { adjust: hurry });
  connection.send('POST / HTTP/1.1\r\nX-Slow: ');
  const dripping = setInterval(() => connection.send('a'), 5);
  context.after(() => clearInterval(dripping));
  assertRefused(await connection.reply(), '408 KMS.0214');
});

test('an over-long body that stops is answered 400 and cut off when its time is over', async (context) => {
  const { lines, connection } = await startConnected(context, { adjust: hurry });
  connection.send(head(['Content-Length: 1000000']) + 'a'.repeat(20_000));
  const reply = await connection.reply();
  assertRefused(reply, '400 KMS.0203');
  assert.equal(await connection.rest(), '');
  assertOneLine(lines, reply, '400 KMS.0203');
});

test('a slow draw is no slow request', async (context) => {
  const { port, server } = await startTestServer(context, {
    adjust: hurry,
    draw: async (length) => {
      // As long as the server needs to time another request out.
      const other = openConnection(port);
      other.send('POST / HTTP/1.1\r\nHost: kms');
      await once(server, 'clientError');
      return { bytes: new Uint8Array(length), sources: [], omitted: [] };
    },
  });
  const connection = openConnection(port);
  connection.send(goodRequest());
  assert.equal((await connection.reply()).body, '{"random_data":"00"}');
});
