import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSend } from '../../lib/outbound/send.ts';
import { OK, startRawAnswers } from '../support/raw-answers.ts';

const REQUEST = { method: 'GET' as const, headers: {}, isRepeatable: true, timeoutMs: 60_000, maxAnswerBytes: 1_000 };
const PATIENCE = { timeout: 10_000 };

test('a signal gives a request up as a time-out and closes its connection', PATIENCE, async (context) => {
  const controller = new AbortController();
  // The request has arrived, and nothing is answered.
  const server = await startRawAnswers(context, () => controller.abort());
  const outcome = await createSend()({ ...REQUEST, url: server.url, signal: controller.signal });
  assert.deepEqual(
    [outcome.kind, 'failure' in outcome && outcome.failure, 'detail' in outcome && outcome.detail],
    ['failed', 'timeout', 'no answer in time'],
  );
  assert.equal(server.sockets.length, 1);
  await server.allClosed();
});

test('a signal that is aborted already sends nothing', PATIENCE, async (context) => {
  let requests = 0;
  const server = await startRawAnswers(context, (socket) => {
    requests += 1;
    socket.write(OK);
  });
  const outcome = await createSend()({ ...REQUEST, url: server.url, signal: AbortSignal.abort() });
  assert.deepEqual([outcome.kind, requests], ['failed', 0]);
});

test('a signal that comes after the answer changes nothing', PATIENCE, async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.write(OK));
  const send = createSend();
  const controller = new AbortController();
  const request = { ...REQUEST, url: server.url };
  assert.equal((await send({ ...request, signal: controller.signal })).kind, 'answer');
  controller.abort();
  assert.equal((await send(request)).kind, 'answer');
});
