import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { createSend } from '../../lib/outbound/send.ts';
import { OK, sendTo, startRawAnswers } from '../support/raw-answers.ts';

test('a request goes out as it is given and its answer comes back', async (context) => {
  const { server, outcome } = await sendTo(
    context,
    (socket) => {
      socket.write('HTTP/1.1 201 Created\r\nX-Subject-Token: abc\r\nContent-Length: 3\r\n\r\n\xe2\x82\xac', 'latin1');
    },
    { method: 'POST', body: '{"a":"€"}' },
  );
  assert.ok(outcome.kind === 'answer');
  assert.deepEqual([outcome.status, outcome.headers['x-subject-token']], [201, 'abc']);
  assert.equal(outcome.body.toString(), '€');
  assert.match(server.received(), /^POST \/v3\/auth\/tokens\?nocatalog=1 HTTP\/1\.1\r\n/);
  assert.match(server.received(), /\r\nX-Auth-Token: t\r\n/);
  assert.match(server.received(), /\r\nContent-Length: 11\r\n/);
});

const ANSWERS = [
  {
    name: 'chunks',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    status: 200,
    body: 'ok',
  },
  { name: 'no body', text: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, body: '' },
  { name: 'an interim answer before it', text: `HTTP/1.1 103 Early Hints\r\n\r\n${OK}`, status: 200, body: 'ok' },
  { name: 'an unknown status', text: 'HTTP/1.1 599 Odd\r\nContent-Length: 0\r\n\r\n', status: 599, body: '' },
  {
    // A validation's answer repeats the token that was asked about, which may have 32 KiB.
    name: 'a header as long as the longest token',
    text: OK.replace('Content', `X-Subject-Token: ${'t'.repeat(32 * 1024)}\r\nContent`),
    status: 200,
    body: 'ok',
  },
];
for (const { name, text, status, body } of ANSWERS) {
  test(`an answer with ${name} is read`, async (context) => {
    const { outcome } = await sendTo(context, (socket) => socket.write(text));
    assert.ok(outcome.kind === 'answer', JSON.stringify(outcome).slice(0, 200));
    assert.deepEqual([outcome.status, outcome.body.toString()], [status, body]);
  });
}

test('an answer up to the end of the connection is read', async (context) => {
  const { outcome } = await sendTo(context, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nok'));
  assert.equal(outcome.kind === 'answer' && outcome.body.toString(), 'ok');
});

test('a connection is used again', async (context) => {
  const server = await startRawAnswers(context, (socket) => socket.write(OK));
  const send = createSend();
  for (let count = 0; count < 5; count += 1) assert.equal((await send(server.request)).kind, 'answer');
  assert.equal(server.sockets.length, 1);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} is not followed`, async (context) => {
    const other = await startRawAnswers(context, (socket) => socket.write(OK));
    const { outcome } = await sendTo(context, (socket) => {
      socket.write(`HTTP/1.1 ${status} Elsewhere\r\nLocation: ${other.url}\r\nContent-Length: 0\r\n\r\n`);
    });
    assert.equal(outcome.kind === 'answer' && outcome.status, status);
    assert.equal(other.sockets.length, 0);
  });
}

const BREAKS: readonly { name: string; cut: (socket: Socket) => unknown }[] = [
  { name: 'reset', cut: (socket) => socket.resetAndDestroy() },
  { name: 'closed', cut: (socket) => socket.destroy() },
  { name: 'ended', cut: (socket) => socket.end() },
];
for (const { name, cut } of BREAKS) {
  test(`a connection that is ${name} before the answer is tried once more`, async (context) => {
    const server = await startRawAnswers(context, (socket, request) =>
      request === 0 ? cut(socket) : socket.write(OK),
    );
    assert.equal((await createSend()(server.request)).kind, 'answer');
    assert.equal(server.sockets.length, 2);
  });

  test(`a connection that is ${name} twice is a failure, and not tried a third time`, async (context) => {
    const { server, outcome } = await sendTo(context, (socket) => cut(socket));
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.failure, 'unreachable');
    assert.match(outcome.detail, /ECONNRESET/);
    await server.allClosed();
    assert.equal(server.sockets.length, 2);
  });

  test(`a kept connection that is ${name} between two requests does not fail the next one`, async (context) => {
    const server = await startRawAnswers(context, (socket) => socket.write(OK));
    const send = createSend();
    assert.equal((await send(server.request)).kind, 'answer');
    for (const socket of server.sockets) cut(socket);
    assert.equal((await send(server.request)).kind, 'answer');
  });
}

const BAD: readonly { name: string; text: string; ends: boolean }[] = [
  { name: 'no status line', text: 'garbage\r\n\r\n', ends: false },
  { name: 'a status that is no number', text: 'HTTP/1.1 abc OK\r\n\r\n', ends: false },
  { name: 'the greeting of another protocol', text: 'SSH-2.0-OpenSSH_9.9\r\n', ends: false },
  { name: 'two lengths', text: OK.replace('Content', 'Content-Length: 3\r\nContent'), ends: false },
  { name: 'a bad chunk', text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', ends: false },
  { name: 'fewer bytes than its length', text: OK.replace(': 2', ': 9'), ends: true },
  {
    name: 'chunks without an end',
    text: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n',
    ends: true,
  },
  { name: 'headers without an end', text: `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(1_000_000)}`, ends: false },
];
for (const { name, text, ends } of BAD) {
  test(`an answer with ${name} is a failure that repeats nothing of it`, async (context) => {
    const { server, outcome } = await sendTo(context, (socket) => (ends ? socket.end(text) : socket.write(text)));
    assert.ok(outcome.kind === 'failed');
    assert.notEqual(outcome.failure, 'timeout');
    assert.match(outcome.detail, /^[a-zA-Z ]+(?: \([A-Z_]+\))?$/);
    await server.allClosed();
    assert.equal(server.sockets.length, 1);
  });
}

test('nothing listens there', async (context) => {
  const { outcome } = await sendTo(context, (socket) => socket.destroy(), {
    url: new URL('http://127.0.0.1:9'),
  });
  assert.ok(outcome.kind === 'failed');
  assert.deepEqual([outcome.failure, outcome.detail], ['unreachable', 'connection failed (ECONNREFUSED)']);
});
