import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openConnection, type RawConnection } from '../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../support/test-server.ts';
import { atEnd } from './at-end.ts';
import { type RunningServer, startServer } from './server.ts';

const TIMEOUT = { timeout: 60_000 };
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/** Nobody who asks beside the abuse waits longer than this. */
const PATIENCE_MS = 2_000;

const start = (t: TestContext): Promise<RunningServer> => {
  const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
  return startServer(t, { environment: { AUTH_METHODS, STATIC_TOKENS } });
};

/** So many connections, closed at the end of the test. */
async function openMany(t: TestContext, port: number, count: number): Promise<RawConnection[]> {
  const connections: RawConnection[] = [];
  atEnd(t, () => connections.forEach(({ socket }) => void socket.destroy()));
  while (connections.length < count) {
    // In portions that fit into the queue of connections that wait to be accepted.
    const portion = Array.from({ length: 100 }, () => openConnection(port));
    await Promise.all(portion.map(({ socket }) => once(socket, 'connect')));
    connections.push(...portion);
  }
  return connections;
}

/** Asks on a connection of its own. @returns milliseconds until the answer */
async function ask(port: number): Promise<number> {
  const startedAtMs = performance.now();
  const connection = openConnection(port);
  connection.send(goodRequest().replace(TOKEN, STATIC_TOKEN));
  const { status, body } = await connection.reply();
  connection.socket.destroy();
  assert.deepEqual([status, body.length], [200, '{"random_data":"00"}'.length]);
  return performance.now() - startedAtMs;
}

async function assertServes(port: number, count = 20): Promise<void> {
  for (let index = 0; index < count; index += 1) assert((await ask(port)) < PATIENCE_MS);
}

function residentMib({ child }: RunningServer): number {
  const status = readFileSync(`/proc/${child.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]) / 1024;
}

test('300 clients that send their headers byte by byte are answered 408, and others are served', TIMEOUT, async (t) => {
  const server = await start(t);
  const slow = await openMany(t, server.port, 300);
  for (const connection of slow) connection.send('POST / HTTP/1.1\r\nX-Slow: ');
  const dripping = setInterval(() => slow.forEach((connection) => void connection.send('a')), 100);
  atEnd(t, () => clearInterval(dripping));
  const replies = Promise.all(slow.map((connection) => connection.reply()));
  let isOver = false;
  const finished = replies.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await assertServes(server.port, 5);
    await Promise.race([finished, setTimeout(100)]);
  }
  for (const { status, body } of await replies) assert.deepEqual([status, /KMS\.0214/.test(body)], [408, true]);
  await assertServes(server.port);
});

const BODIES = 6;

const FRAMES = [
  { name: 'with a length', head: `Content-Length: ${GIB}`, frame: (chunk: Buffer) => chunk },
  {
    name: 'in chunks',
    head: 'Transfer-Encoding: chunked',
    frame: (chunk: Buffer) =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
  },
];
for (const { name, head: framing, frame } of FRAMES) {
  test(
    `bodies of 1 GiB ${name} are answered, cut off and not kept in memory; others are served`,
    TIMEOUT,
    async (t) => {
      const server = await start(t);
      await assertServes(server.port, 200);
      const beforeMib = residentMib(server);
      const chunk = frame(Buffer.alloc(MIB, 'a'));
      const written: number[] = [];
      for (let count = 0; count < BODIES; count += 1) written.push(await sendLong(server.port, framing, chunk));
      const grownMib = residentMib(server) - beforeMib;
      t.diagnostic(
        `${written.map((bytes) => Math.round(bytes / MIB))} MiB written, ${Math.round(grownMib)} MiB more in memory`,
      );
      assert(Math.max(...written) < 192 * MIB);
      // The collector lets some of it lie for a while; kept, it would be 64 MiB of each.
      assert(grownMib < (BODIES - 2) * 64, `${grownMib} MiB more`);
      await assertServes(server.port);
    },
  );
}

/** Sends a body until it is cut off, and asks beside it. @returns bytes written */
async function sendLong(port: number, framing: string, chunk: Uint8Array): Promise<number> {
  const connection = openConnection(port);
  let isClosed = false;
  connection.socket.once('close', () => {
    isClosed = true;
  });
  connection.send(head([framing]).replace(TOKEN, STATIC_TOKEN));
  for (let sent = 0; sent < 1_024 && !isClosed; sent += 1) {
    await new Promise<void>((resolve) => connection.socket.write(chunk, () => resolve()));
    if (sent % 8 === 0) assert((await ask(port)) < PATIENCE_MS);
  }
  assert(isClosed, 'the server took all of it');
  const { status, body } = await connection.reply();
  assert.deepEqual([status, /KMS\.0203/.test(body)], [400, true]);
  return connection.socket.bytesWritten;
}

test('2,000 idle connections leave it serving, and do not keep it from ending', TIMEOUT, async (t) => {
  const server = await start(t);
  await assertServes(server.port);
  const beforeMib = residentMib(server);
  const idle = await openMany(t, server.port, 2_000);
  await assertServes(server.port, 100);
  t.diagnostic(`${Math.round(residentMib(server) - beforeMib)} MiB more in memory`);
  assert(idle.every(({ socket }) => !socket.destroyed));
  // One that was idle until now is as good as any other.
  idle[1_999]?.send(goodRequest().replace(TOKEN, STATIC_TOKEN));
  assert.equal((await idle[1_999]?.reply())?.status, 200);
  server.child.process.kill('SIGTERM');
  assert.equal(await server.child.exit, 0);
});
