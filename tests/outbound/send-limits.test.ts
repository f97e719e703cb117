import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { createSend } from '../../lib/outbound/send.ts';
import { MAX_BYTES, OK, sendTo, startRawAnswers } from '../support/raw-answers.ts';

const SHORT_MS = 50;
const TIMED_OUT = { kind: 'failed', failure: 'timeout', detail: 'no answer in time', cause: undefined };

/** Says something more every few milliseconds for as long as somebody listens. */
function drip(socket: Socket, start: string, more = 'a'): void {
  socket.write(start);
  const dripping = setInterval(() => socket.write(more), 5);
  socket.once('close', () => clearInterval(dripping));
}

const SILENT: readonly { name: string; answer: (socket: Socket, request: number) => unknown }[] = [
  { name: 'says nothing', answer: () => undefined },
  { name: 'stops in the headers', answer: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-') },
  { name: 'stops in the body', answer: (socket) => socket.write(OK.slice(0, -1)) },
  { name: 'lets its headers drip', answer: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-A: ') },
  {
    name: 'lets its body drip',
    answer: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n'),
  },
  {
    name: 'gives interim answers without end',
    answer: (socket) => drip(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n'),
  },
  {
    name: 'resets the first connection and says nothing on the second',
    answer: (socket, request) => request === 0 && socket.resetAndDestroy(),
  },
];
for (const { name, answer } of SILENT) {
  test(`a server that ${name} is a time-out, and its connection is closed`, async (context) => {
    const { server, outcome } = await sendTo(context, (socket, request) => void answer(socket, request), {
      timeoutMs: SHORT_MS,
    });
    assert.deepEqual(outcome, TIMED_OUT);
    await server.allClosed();
  });
}

test('a request after a time-out gets its own answer on a connection of its own', async (context) => {
  const server = await startRawAnswers(context, (socket, request) => request > 0 && socket.write(OK));
  const send = createSend();
  assert.equal((await send({ ...server.request, timeoutMs: SHORT_MS })).kind, 'failed');
  const outcome = await send(server.request);
  assert.equal(outcome.kind === 'answer' && outcome.body.toString(), 'ok');
  assert.equal(server.sockets.length, 2);
});

const FRAMES = [
  { how: 'with a length', text: (bytes: number) => `Content-Length: ${bytes}\r\n\r\n${'a'.repeat(bytes)}` },
  {
    how: 'in a chunk',
    text: (bytes: number) =>
      `Transfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n${'a'.repeat(bytes)}\r\n0\r\n\r\n`,
  },
];
for (const { how, text } of FRAMES) {
  for (const { bytes, kind } of [
    { bytes: MAX_BYTES, kind: 'answer' },
    { bytes: MAX_BYTES + 1, kind: 'failed' },
    { bytes: 10_000_000, kind: 'failed' },
  ]) {
    test(`an answer of ${bytes} bytes ${how}: ${kind}`, async (context) => {
      const { server, outcome } = await sendTo(context, (socket) => socket.write(`HTTP/1.1 200 OK\r\n${text(bytes)}`));
      assert.equal(outcome.kind, kind);
      if (outcome.kind === 'answer') {
        assert.equal(outcome.body.length, bytes);
        return;
      }
      assert.deepEqual([outcome.failure, outcome.detail], ['bad-answer', 'answer is too long']);
      await server.allClosed();
    });
  }
}

test('an answer without end is cut off', async (context) => {
  const piece = 'a'.repeat(64 * 1024);
  const { server, outcome } = await sendTo(context, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const more = (): unknown => !socket.destroyed && socket.write(piece, more);
    more();
  });
  assert.equal(outcome.kind === 'failed' && outcome.failure, 'bad-answer');
  await server.allClosed();
});

test('a signal gives a request up as a time-out and closes its connection', async (context) => {
  const controller = new AbortController();
  // The request has arrived, and nothing is answered.
  const { server, outcome } = await sendTo(context, () => controller.abort(), { signal: controller.signal });
  assert.deepEqual(outcome, TIMED_OUT);
  assert.equal(server.sockets.length, 1);
  await server.allClosed();
});

test('a signal that is aborted already sends nothing', async (context) => {
  let requests = 0;
  const { outcome } = await sendTo(
    context,
    (socket) => {
      requests += 1;
      socket.write(OK);
    },
    { signal: AbortSignal.abort() },
  );
  assert.deepEqual([outcome.kind, requests], ['failed', 0]);
});

test('a signal that comes after the answer changes nothing', async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.write(OK));
  const send = createSend();
  const controller = new AbortController();
  assert.equal((await send({ ...server.request, signal: controller.signal })).kind, 'answer');
  controller.abort();
  assert.equal((await send(server.request)).kind, 'answer');
});
