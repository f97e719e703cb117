import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { PATH } from '../../support/contract.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { ANSWER, BODY, goodRequest, head, startConnected, startTestServer, TOKEN } from '../../support/test-server.ts';

test('a connection is kept for the next request, after an error and an over-long body too', async (context) => {
  const { port, server } = await startTestServer(context);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const connection = openConnection(port);
  for (const [request, status] of [
    [goodRequest(), 200],
    [goodRequest(), 200],
    [goodRequest().replace(TOKEN, 'bad'), 403],
    [head(['Content-Length: 20000']) + 'a'.repeat(20_000), 400],
    [head([], 'GET / HTTP/1.1'), 404],
    [goodRequest(), 200],
  ] as const) {
    connection.send(request);
    assert.equal((await connection.reply()).status, status);
  }
  assert.equal(connections, 1);
});

test('Connection: close is obeyed', async (context) => {
  const { connection } = await startConnected(context);
  connection.send(goodRequest(['Connection: close']));
  const reply = await connection.reply();
  assert.deepEqual([reply.body, reply.headers.connection], [ANSWER, 'close']);
  assert.equal(await connection.rest(), '');
});

test('HEAD is 405 with the length of the body and no body', async (context) => {
  const { connection } = await startConnected(context);
  connection.send(
    head(['Connection: close'], `HEAD ${PATH} HTTP/1.1`) + head(['Connection: close'], 'HEAD / HTTP/1.1'),
  );
  const { status, headers } = await connection.reply('HEAD');
  assert.deepEqual([status, headers.allow], [405, 'POST']);
  assert.ok(Number(headers['content-length']) > 0);
  assert.equal(await connection.rest(), '');
});

test('Expect: 100-continue is answered before the body is sent', async (context) => {
  const { connection } = await startConnected(context);
  connection.send(head([`Content-Length: ${BODY.length}`, 'Expect: 100-continue']));
  assert.equal((await connection.reply()).status, 100);
  connection.send(BODY);
  assert.equal((await connection.reply()).body, ANSWER);
});

test('an unknown expectation is ignored', async (context) => {
  const { connection } = await startConnected(context);
  connection.send(goodRequest(['Expect: coffee']));
  assert.equal((await connection.reply()).body, ANSWER);
});

/** Unlike `once` of `node:events` it lets a reset pass. */
const happens = (socket: Socket, name: string) => new Promise<void>((resolve) => socket.once(name, () => resolve()));

const GOES_AWAY = [
  { name: 'in the middle of its headers', text: 'POST / HTTP/1.1\r\nHo' },
  { name: 'in the middle of its body', text: `${head(['Content-Length: 100'])}{"random` },
  { name: 'in the middle of a chunk', text: `${head(['Transfer-Encoding: chunked'])}64\r\n{"random` },
  { name: 'in the middle of an over-long body', text: head(['Content-Length: 50000']) + 'a'.repeat(20_000) },
  {
    name: 'in the middle of a body of an unknown coding',
    text: `${head(['Transfer-Encoding: gzip, chunked'])}64\r\nabc`,
  },
];
for (const { name, text } of GOES_AWAY) {
  for (const way of ['destroy', 'resetAndDestroy'] as const) {
    test(`a sender who goes away ${name} leaves nothing behind (${way})`, async (context) => {
      const draw = () => assert.fail('bytes were drawn');
      const { port, accepted, connection } = await startConnected(context, { draw });
      connection.send(text);
      const socket = await accepted;
      await happens(socket, 'data');
      const closed = happens(socket, 'close');
      connection.socket[way]();
      await closed;
      // The server goes on, and a rejection that nobody handled would fail this test.
      const next = openConnection(port);
      next.send(goodRequest().replace(TOKEN, 'bad'));
      assert.equal((await next.reply()).status, 403);
    });
  }
}

test('a client that never closes its side does not keep a refused connection open', async (context) => {
  const { port, server } = await startTestServer(context);
  const accepted = once(server, 'connection');
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  context.after(() => client.destroy());
  client.on('error', () => undefined).resume();
  client.write('garbage\r\n\r\n');
  const [socket]: Socket[] = await accepted;
  assert.ok(socket);
  await happens(socket, 'close');
});

test('a sender of CONNECT who resets their connection does not end the process', async (context) => {
  const { port, server } = await startTestServer(context);
  for (let turn = 0; turn < 20; turn += 1) {
    const accepted = once(server, 'connection');
    const connection = openConnection(port);
    connection.send(`CONNECT kms:443 HTTP/1.1\r\nHost: kms\r\n\r\n${'x'.repeat(turn * 1_000)}`);
    const [socket]: Socket[] = await accepted;
    assert.ok(socket);
    const closed = happens(socket, 'close');
    connection.socket.resetAndDestroy();
    await closed;
  }
  const next = openConnection(port);
  next.send(goodRequest());
  assert.equal((await next.reply()).status, 200);
});
