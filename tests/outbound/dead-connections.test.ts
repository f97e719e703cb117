import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createSend, type OutboundRequest } from '../../lib/outbound/send.ts';
import { start } from '../auth/test-service.ts';
import { OK, startRawAnswers } from '../support/raw-answers.ts';
import { SERVICE_VARIABLES } from '../support/test-iam.ts';

// A kept connection of which a firewall has forgotten: nothing comes back on it, not even a reset.

const DEADLINE_MS = 1_000;
/** Half of it, and what a busy machine may take. */
const IN_TIME_MS = 900;
const PATIENCE = { timeout: 20_000 };

/** A server that answers each connection so many times and is silent from then on. */
async function startForgetful(context: TestContext, answersOf: (connection: number) => number) {
  const answers = new Map<Socket, number>();
  const server = await startRawAnswers(context, (socket) => {
    const given = answers.get(socket) ?? 0;
    answers.set(socket, given + 1);
    if (given < answersOf([...answers.keys()].indexOf(socket))) socket.write(OK);
  });
  const send = createSend();
  return {
    server,
    requests: () => server.received().match(/HTTP\/1\.1\r\n/g)?.length ?? 0,
    ask: (more: Partial<OutboundRequest> = {}) =>
      send({
        method: 'GET',
        url: server.url,
        headers: {},
        isRepeatable: true,
        timeoutMs: DEADLINE_MS,
        maxAnswerBytes: 1_000,
        ...more,
      }),
  };
}

async function timed<T>(work: Promise<T>): Promise<readonly [result: T, tookMs: number]> {
  const startedAtMs = performance.now();
  return [await work, performance.now() - startedAtMs];
}

test(
  'a request on a dead kept connection is answered on a fresh one well within its deadline',
  PATIENCE,
  async (context) => {
    const { server, ask, requests } = await startForgetful(context, (connection) => (connection === 0 ? 1 : 10));
    await ask();
    const [outcome, tookMs] = await timed(ask());
    assert.equal(outcome.kind, 'answer');
    assert.ok(tookMs < IN_TIME_MS, `${tookMs} ms`);
    assert.deepEqual([server.sockets.length, requests()], [2, 3]);
    // The dead one is gone and the fresh one is kept.
    const [next, nextTookMs] = await timed(ask());
    assert.ok(next.kind === 'answer' && nextTookMs < DEADLINE_MS / 2, `${nextTookMs} ms`);
    assert.equal(server.sockets.length, 2);
  },
);

test('where all kept connections are dead the doubt costs one request, not one for each', PATIENCE, async (context) => {
  const { server, ask } = await startForgetful(context, (connection) => (connection < 4 ? 1 : 10));
  await Promise.all([1, 2, 3, 4].map(() => ask()));
  assert.equal(server.sockets.length, 4);
  const [outcome, tookMs] = await timed(ask());
  assert.ok(outcome.kind === 'answer' && tookMs < IN_TIME_MS, `${tookMs} ms`);
  const [next, nextTookMs] = await timed(ask());
  assert.ok(next.kind === 'answer' && nextTookMs < DEADLINE_MS / 2, `${nextTookMs} ms`);
});

test(
  'a server that is slow is not taken for dead: its late answer counts, whichever request it is to',
  PATIENCE,
  async (context) => {
    const server = await startRawAnswers(context, (socket, request) => {
      if (request === 0) socket.write(OK);
      // The second connection stays silent.
      else if (request === 1) setTimeout(() => socket.write(OK.replace('ok', 'it')), DEADLINE_MS * 0.7);
    });
    const send = createSend();
    const request = { method: 'GET', url: server.url, headers: {}, isRepeatable: true, maxAnswerBytes: 1_000 } as const;
    await send({ ...request, timeoutMs: DEADLINE_MS });
    const outcome = await send({ ...request, timeoutMs: DEADLINE_MS });
    assert.equal(outcome.kind === 'answer' && outcome.body.toString(), 'it');
    assert.equal(server.sockets.length, 2);
    const [, second] = server.sockets;
    if (second?.closed === false) await once(second, 'close');
  },
);

test(
  'a silent server is a time-out at the deadline all the same, and every connection is closed',
  PATIENCE,
  async (context) => {
    const { server, ask, requests } = await startForgetful(context, (connection) => (connection === 0 ? 1 : 0));
    await ask();
    const [outcome, tookMs] = await timed(ask());
    assert.ok(outcome.kind === 'failed' && outcome.failure === 'timeout');
    assert.ok(tookMs >= DEADLINE_MS - 5);
    assert.equal(requests(), 3);
    await server.allClosed();
  },
);

test('a fresh connection is not doubted: a slow first answer is asked for once', PATIENCE, async (context) => {
  const server = await startRawAnswers(context, (socket) => setTimeout(() => socket.write(OK), DEADLINE_MS * 0.7));
  const { url } = server;
  const request = { method: 'GET', url, headers: {}, isRepeatable: true, timeoutMs: DEADLINE_MS } as const;
  assert.equal((await createSend()({ ...request, maxAnswerBytes: 1_000 })).kind, 'answer');
  assert.equal(server.sockets.length, 1);
});

test('what must not be repeated goes over a fresh connection at once', PATIENCE, async (context) => {
  const { server, ask, requests } = await startForgetful(context, (connection) => (connection === 0 ? 1 : 10));
  await ask();
  const [outcome, tookMs] = await timed(ask({ method: 'POST', body: '{}', isRepeatable: false }));
  assert.ok(outcome.kind === 'answer' && tookMs < DEADLINE_MS / 2, `${tookMs} ms`);
  assert.deepEqual([server.sockets.length, requests()], [2, 2]);
});

for (const [name, cut] of [
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ['ended', (socket: Socket) => socket.end()],
] as const) {
  test(`what must not be repeated is not sent again when its connection is ${name}`, PATIENCE, async (context) => {
    const server = await startRawAnswers(context, (socket) => cut(socket));
    const request = { method: 'POST', url: server.url, headers: {}, body: '{}', isRepeatable: false } as const;
    const outcome = await createSend()({ ...request, timeoutMs: DEADLINE_MS, maxAnswerBytes: 1_000 });
    assert.ok(outcome.kind === 'failed' && outcome.failure === 'unreachable');
    assert.equal(server.sockets.length, 1);
  });
}

for (const hasAccount of [false, true]) {
  const asker = hasAccount ? "the service's account" : 'itself';
  test(
    `a token that ${asker} asks about over a dead kept connection draws within the deadline`,
    PATIENCE,
    async (context) => {
      const account = hasAccount ? SERVICE_VARIABLES : {};
      const { iam, service } = await start(context, { IAM_TIMEOUT_MS: String(DEADLINE_MS), ...account });
      const [first, second] = [await iam.issue(), await iam.issue()];
      const used = new WeakSet<Socket>();
      iam.misbehave((request, response) => {
        if (used.has(request.socket)) return;
        used.add(request.socket);
        iam.answer(request, response);
      });
      await service.draws(first);
      const [, tookMs] = await timed(service.draws(second));
      assert.ok(tookMs < IN_TIME_MS, `${tookMs} ms`);
    },
  );
}
