import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, type Refusal } from '../../support/contract.ts';
import { assertRefused } from '../../support/contract-reply.ts';
import { openConnection, type RawReply } from '../../support/raw-connection.ts';
import { ANSWER, BODY, goodRequest, head, startConnected, startTestServer, TOKEN } from '../../support/test-server.ts';

/** How many clients send at the same time. */
const AT_ONCE = 5;
const CHUNK_BYTES = 1024 * 1024;

/** A client of the simplest kind: it looks for an answer once the last byte is written. */
async function writeAllThenRead(port: number, request: readonly (string | Uint8Array)[]): Promise<RawReply> {
  const connection = openConnection(port);
  connection.socket.pause();
  for (const part of request.slice(0, -1)) connection.socket.write(part);
  await new Promise<void>((resolve, reject) => {
    connection.socket.write(request.at(-1) ?? '', (error) => (error ? reject(error) : resolve()));
  });
  connection.socket.resume();
  const reply = await connection.reply();
  connection.socket.destroy();
  return reply;
}

function withLength(token: string, body: Buffer): (string | Buffer)[] {
  return [head([`Content-Length: ${body.length}`]).replace(TOKEN, token), body];
}

function asTheLast(token: string, body: Buffer): (string | Buffer)[] {
  return [head([`Content-Length: ${body.length}`, 'Connection: close']).replace(TOKEN, token), body];
}

function asOneDotZero(token: string, body: Buffer): (string | Buffer)[] {
  const text = head([`Content-Length: ${body.length}`], `POST ${PATH} HTTP/1.0`);
  return [text.replace(TOKEN, token), body];
}

function inChunks(token: string, body: Buffer): (string | Buffer)[] {
  const parts: (string | Buffer)[] = [head(['Transfer-Encoding: chunked']).replace(TOKEN, token)];
  for (let start = 0; start < body.length; start += CHUNK_BYTES) {
    const chunk = body.subarray(start, start + CHUNK_BYTES);
    parts.push(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n');
  }
  return [...parts, '0\r\n\r\n'];
}

/** What Node and the kernel buffer is less than 3 MB, so that of the largest ones a few are enough. */
const SIZES = [
  { name: '16 KiB and one byte', bytes: 16 * 1024 + 1, clients: 30 },
  { name: '20 kB', bytes: 20_000, clients: 30 },
  { name: '3 MB', bytes: 3_000_000, clients: 30 },
  { name: '50 MB', bytes: 50_000_000, clients: 5 },
];
const FRAMES = [
  { how: 'with a length', frame: withLength },
  { how: 'in chunks', frame: inChunks },
  { how: 'on a connection that is to be closed', frame: asTheLast },
  { how: 'by HTTP/1.0', frame: asOneDotZero },
];
const CREDENTIALS: readonly { token: string; who: string; expected: Refusal }[] = [
  { token: TOKEN, who: 'a good token', expected: '400 KMS.0203' },
  { token: 'bad', who: 'an unknown token', expected: '403 KMS.0302' },
];

for (const { name, bytes, clients } of SIZES) {
  for (const { how, frame } of FRAMES) {
    for (const { token, who, expected } of CREDENTIALS) {
      test(`${clients} of ${clients} clients that write ${name} ${how} before they read see ${expected} for ${who}`, async (context) => {
        const { port, lines } = await startTestServer(context);
        const request = frame(token, Buffer.alloc(bytes, 'a'));
        for (let sent = 0; sent < clients; sent += AT_ONCE) {
          const replies = Array.from({ length: AT_ONCE }, () => writeAllThenRead(port, request));
          for (const reply of await Promise.all(replies)) assertRefused(reply, expected);
        }
        assert.deepEqual([lines.length, new Set(lines.map((line) => line.code)).size], [clients, 1]);
      });
    }
  }
}

test('a body of exactly 16 KiB is read', async (context) => {
  const { port } = await startTestServer(context);
  const body = BODY.padEnd(16 * 1024);
  const reply = await writeAllThenRead(port, [head([`Content-Length: ${body.length}`]), body]);
  assert.deepEqual([reply.status, reply.body], [200, ANSWER]);
});

for (const { how, frame } of FRAMES.slice(0, 3)) {
  test(`a body ${how} of more than 64 MiB is answered and then cut off`, async (context) => {
    const { connection } = await startConnected(context);
    let isClosed = false;
    connection.socket.on('close', () => {
      isClosed = true;
    });
    const [start = '', ...parts] = frame(TOKEN, Buffer.alloc(256 * CHUNK_BYTES, 'a'));
    connection.send(start);
    const writing = (async () => {
      for (const part of parts) {
        for (let offset = 0; offset < part.length && !isClosed; offset += CHUNK_BYTES) {
          await new Promise<void>((resolve) => {
            connection.socket.write(part.slice(offset, offset + CHUNK_BYTES), () => resolve());
          });
        }
      }
    })();
    assertRefused(await connection.reply(), '400 KMS.0203');
    await writing;
    assert.equal(await connection.rest(), '');
    assert.ok(connection.socket.bytesWritten < 192 * CHUNK_BYTES, 'all of it was taken');
  });
}

test('a request behind an over-long body is answered on the same connection', async (context) => {
  const { connection } = await startConnected(context);
  for (const part of withLength(TOKEN, Buffer.alloc(3_000_000, 'a'))) connection.send(part);
  assertRefused(await connection.reply(), '400 KMS.0203');
  connection.send(goodRequest());
  assert.equal((await connection.reply()).status, 200);
  connection.socket.destroy();
});
