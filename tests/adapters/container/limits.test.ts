import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type TestContext, test } from 'node:test';
import { createHttpServer } from '../../../lib/adapters/container/http-server.ts';
import {
  assertErrorReply,
  assertOneLine,
  BODY_TOO_LONG,
  HEADERS_TOO_LARGE,
  TOO_SLOW,
} from '../../support/contract-reply.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { goodRequest, head, startTestServer, TOKEN } from '../../support/test-server.ts';

const KIB = 1024;

test('a client has five seconds for its headers, ten for its request and 75 between two', () => {
  const server = createHttpServer();
  assert.deepEqual(
    [server.headersTimeout, server.requestTimeout, server.keepAliveTimeout, server.timeout],
    [5_000, 10_000, 75_000, 0],
  );
});

const TOO_LARGE = [
  { name: 'one header of 48 KiB', headers: [`X-A: ${'a'.repeat(48 * KIB)}`] },
  { name: 'one header of 5 MB', headers: [`X-A: ${'a'.repeat(5_000_000)}`] },
  { name: 'many headers', headers: Array.from({ length: 100 }, (_, index) => `X-${index}: ${'a'.repeat(KIB)}`) },
  { name: 'more headers than Node counts', headers: Array.from({ length: 2001 }, (_, index) => `X-${index}: a`) },
];
for (const { name, headers } of TOO_LARGE) {
  test(`${name}: 431 KMS.0203 with one audit line`, async (context) => {
    const { port, lines } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(head(headers));
    const reply = await connection.reply();
    assertErrorReply(reply, HEADERS_TOO_LARGE);
    assertOneLine(lines, reply, HEADERS_TOO_LARGE);
    connection.socket.destroy();
  });
}

test('a path of 48 KiB is 431 KMS.0203', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(head([], `POST /${'a'.repeat(48 * KIB)} HTTP/1.1`));
  assertErrorReply(await connection.reply(), HEADERS_TOO_LARGE);
});

const TOKENS = [
  { characters: 20_000, status: 200 },
  { characters: 32 * KIB, status: 200 },
  { characters: 32 * KIB + 1, status: 401 },
  { characters: 47 * KIB, status: 401 },
  { characters: 48 * KIB, status: 431 },
];
for (const { characters, status } of TOKENS) {
  test(`a token of ${characters} characters: ${status}`, async (context) => {
    const { port } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(goodRequest().replace(TOKEN, TOKEN.padStart(characters, 'x')));
    assert.equal((await connection.reply()).status, status);
  });
}

/** The server's own time-outs, made so short that nobody waits for them. */
function hurry(server: Server): void {
  // Node looks for late requests once an interval.
  Object.assign(server, { headersTimeout: 30, requestTimeout: 60, connectionsCheckingInterval: 10 });
}

const SLOW = [
  { name: 'headers that stop', text: 'POST / HTTP/1.1\r\nHost: kms' },
  { name: 'a body that stops', text: `${head(['Content-Length: 100'])}{"random` },
  { name: 'a body that does not begin', text: head(['Content-Length: 100']) },
  { name: 'chunks that stop', text: `${head(['Transfer-Encoding: chunked'])}8\r\n{"random\r\n` },
];
for (const { name, text } of SLOW) {
  test(`${name}: 408 KMS.0214 with one audit line, and the connection ends`, async (context) => {
    const { port, lines } = await startTestServer(context, { adjust: hurry });
    const connection = openConnection(port);
    connection.send(text);
    const reply = await connection.reply();
    assertErrorReply(reply, TOO_SLOW);
    assert.equal(reply.headers.connection, 'close');
    assert.equal(await connection.rest(), '');
    assertOneLine(lines, reply, TOO_SLOW);
  });
}

test('a byte now and then does not keep a slow request alive', async (context) => {
  const { port } = await startTestServer(context, { adjust: hurry });
  const connection = openConnection(port);
  connection.send('POST / HTTP/1.1\r\nX-Slow: ');
  const dripping = setInterval(() => connection.send('a'), 5);
  context.after(() => clearInterval(dripping));
  assertErrorReply(await connection.reply(), TOO_SLOW);
});

test('an over-long body that stops is answered 400 and cut off when its time is over', async (context) => {
  const { port, lines } = await startTestServer(context, { adjust: hurry });
  const connection = openConnection(port);
  connection.send(head(['Content-Length: 1000000']) + 'a'.repeat(20_000));
  const reply = await connection.reply();
  assertErrorReply(reply, BODY_TOO_LONG);
  assert.equal(await connection.rest(), '');
  assertOneLine(lines, reply, BODY_TOO_LONG);
});

test('a slow draw is no slow request', async (context: TestContext) => {
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
