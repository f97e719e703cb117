import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { createSend } from '../../lib/outbound/send.ts';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { serveOnLoopback } from '../support/loopback.ts';
import { OK, startRawAnswers } from '../support/raw-answers.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('../support/send-once.ts', import.meta.url));
/** Far longer than a test may take: a timer that is left behind shows as a process that does not end. */
const REQUEST = { method: 'GET', headers: {}, isRepeatable: true, timeoutMs: 60_000, maxAnswerBytes: 1_000 };

async function sendOnce(url: URL, more: object = {}, environment: Record<string, string> = {}) {
  const request = JSON.stringify({ ...REQUEST, url, ...more });
  const { stdout } = await run(process.execPath, [SCRIPT, request], { env: environment, timeout: 10_000 });
  return JSON.parse(stdout);
}

test('after an answer nothing keeps the process alive, a kept connection neither', async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.write(OK));
  const outcome = await sendOnce(server.url);
  assert.deepEqual([outcome.kind, outcome.status], ['answer', 200]);
});

test('after a failure nothing keeps the process alive', async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.resetAndDestroy());
  assert.equal((await sendOnce(server.url)).failure, 'unreachable');
});

test('after a time-out nothing keeps the process alive', async (context) => {
  const server = await startRawAnswers(context, () => undefined);
  assert.equal((await sendOnce(server.url, { timeoutMs: 50 })).failure, 'timeout');
});

test('a header that cannot be sent is a failure, not an exception', async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.write(OK));
  assert.equal((await sendOnce(server.url, { headers: { 'X-Auth-Token': 'a\nb' }, timeoutMs: 50 })).kind, 'failed');
});

let certificate: Certificate;
before(async () => {
  certificate = await makeCertificate(['IP:127.0.0.1']);
});
after(() => certificate.remove());

/** An https server whose certificate is for 127.0.0.1 and signed by itself. */
async function startTls(context: TestContext) {
  const seen = { requests: 0 };
  const server = createServer(certificate, (_request, response) => {
    seen.requests += 1;
    response.end('ok');
  });
  const { port } = await serveOnLoopback(server, context);
  return { port, seen, trust: { NODE_EXTRA_CA_CERTS: certificate.file } };
}

test('a certificate that nobody vouches for is refused, and no request is sent', async (context) => {
  const { port, seen } = await startTls(context);
  const outcome = await sendOnce(new URL(`https://127.0.0.1:${port}/`));
  assert.deepEqual(
    [outcome.failure, outcome.detail],
    ['unreachable', 'connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  );
  assert.equal(seen.requests, 0);
});

test('it is refused where the environment asks Node to look away, too', async (context) => {
  const { port, seen } = await startTls(context);
  const outcome = await sendOnce(new URL(`https://127.0.0.1:${port}/`), {}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  assert.deepEqual([outcome.kind, seen.requests], ['failed', 0]);
});

test('a certificate that is trusted is taken for the name that it is for', async (context) => {
  const { port, trust } = await startTls(context);
  assert.equal((await sendOnce(new URL(`https://127.0.0.1:${port}/`), {}, trust)).kind, 'answer');
});

test('a certificate that is trusted is refused for another name', async (context) => {
  const { port, seen, trust } = await startTls(context);
  const outcome = await sendOnce(new URL(`https://localhost:${port}/`), {}, trust);
  assert.equal(outcome.detail, 'connection failed (ERR_TLS_CERT_ALTNAME_INVALID)');
  assert.equal(seen.requests, 0);
});

for (const kept of [1, 2, 4]) {
  test(`a request goes through although all ${kept} kept connections were closed unnoticed`, async (context) => {
    const worker = new Worker(new URL('../support/hang-up-worker.ts', import.meta.url));
    context.after(() => worker.terminate());
    const [{ port }] = await once(worker, 'message');
    const send = createSend();
    const request = { ...REQUEST, method: 'GET' as const, url: new URL(`http://127.0.0.1:${port}/`) };
    await Promise.all(Array.from({ length: kept }, () => send(request)));
    const flag = new Int32Array(new SharedArrayBuffer(4));
    worker.postMessage(flag);
    // As in a function that is thawed: the connections end while this thread does not run.
    Atomics.wait(flag, 0, 0);
    assert.equal((await send(request)).kind, 'answer');
  });
}
