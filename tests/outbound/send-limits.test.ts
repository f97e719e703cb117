import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { createSend, type OutboundRequest } from '../../lib/outbound/send.ts';
import { OK, startRawAnswers } from '../support/raw-answers.ts';

const MAX_BYTES = 256 * 1024;
const ENOUGH_MS = 30_000;
const SHORT_MS = 50;

function get(url: URL, timeoutMs: number): OutboundRequest {
  return { method: 'GET', url, headers: {}, isRepeatable: true, timeoutMs, maxAnswerBytes: MAX_BYTES };
}

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
    const server = await startRawAnswers(context, (socket, request) => void answer(socket, request));
    const outcome = await createSend()(get(server.url, SHORT_MS));
    assert.deepEqual(outcome, { kind: 'failed', failure: 'timeout', detail: 'no answer in time', cause: undefined });
    await server.allClosed();
  });
}

test('a request after a time-out gets its own answer on a connection of its own', async (context) => {
  const server = await startRawAnswers(context, (socket, request) => request > 0 && socket.write(OK));
  const send = createSend();
  assert.equal((await send(get(server.url, SHORT_MS))).kind, 'failed');
  const outcome = await send(get(server.url, ENOUGH_MS));
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
      const server = await startRawAnswers(context, (socket) => socket.write(`HTTP/1.1 200 OK\r\n${text(bytes)}`));
      const outcome = await createSend()(get(server.url, ENOUGH_MS));
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
  const server = await startRawAnswers(context, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const more = (): unknown => !socket.destroyed && socket.write(piece, more);
    more();
  });
  const outcome = await createSend()(get(server.url, ENOUGH_MS));
  assert.equal(outcome.kind === 'failed' && outcome.failure, 'bad-answer');
  await server.allClosed();
});
