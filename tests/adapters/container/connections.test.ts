import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertErrorReply, METHOD_UNSUPPORTED } from '../../support/contract-reply.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { BODY, goodRequest, head, PATH, startTestServer, TOKEN } from '../../support/test-server.ts';

const ANSWER = '{"random_data":"A5"}';

test('a connection is kept for the next request', async (context) => {
  const { port, server } = await startTestServer(context);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const connection = openConnection(port);
  for (let count = 0; count < 20; count += 1) {
    connection.send(goodRequest());
    assert.equal((await connection.reply()).body, ANSWER);
  }
  assert.equal(connections, 1);
});

test('a connection is kept after an error and after an over-long body', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  for (const [request, status] of [
    [goodRequest().replace(TOKEN, 'bad'), 403],
    [head(['Content-Length: 20000']) + 'a'.repeat(20_000), 400],
    [head([], 'GET / HTTP/1.1'), 404],
    [goodRequest(), 200],
  ] as const) {
    connection.send(request);
    assert.equal((await connection.reply()).status, status);
  }
});

test('Connection: close is obeyed', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(goodRequest(['Connection: close']));
  const reply = await connection.reply();
  assert.deepEqual([reply.body, reply.headers.connection], [ANSWER, 'close']);
  assert.equal(await connection.rest(), '');
});

test('HEAD is 405 with the length of the body and no body', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(
    head(['Connection: close'], `HEAD ${PATH} HTTP/1.1`) + head(['Connection: close'], 'HEAD / HTTP/1.1'),
  );
  const { status, headers } = await connection.reply('HEAD');
  assert.deepEqual([status, headers.allow], [METHOD_UNSUPPORTED.status, 'POST']);
  assert.ok(Number(headers['content-length']) > 0);
  assert.equal(await connection.rest(), '');
});

for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY']) {
  test(`${method} is 405 with Allow`, async (context) => {
    const { port } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(head([], `${method} ${PATH} HTTP/1.1`));
    const reply = await connection.reply();
    assertErrorReply(reply, METHOD_UNSUPPORTED);
    assert.equal(reply.headers.allow, 'POST');
  });
}

test('Expect: 100-continue is answered before the body is sent', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(head([`Content-Length: ${BODY.length}`, 'Expect: 100-continue']));
  assert.equal((await connection.reply()).status, 100);
  connection.send(BODY);
  assert.equal((await connection.reply()).body, ANSWER);
});

test('an unknown expectation is ignored', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(goodRequest(['Expect: coffee']));
  assert.equal((await connection.reply()).body, ANSWER);
});

const TWICE = [
  { name: 'two tokens', headers: ['X-Auth-Token: one', 'x-auth-token: two'], status: 401, code: 'KMS.0301' },
  {
    name: 'one token twice',
    headers: [`X-Auth-Token: ${TOKEN}`, `X-Auth-Token: ${TOKEN}`],
    status: 401,
    code: 'KMS.0301',
  },
  { name: 'two tokens in one header', headers: [`X-Auth-Token: one, ${TOKEN}`], status: 401, code: 'KMS.0301' },
  {
    name: 'an empty token and a good one',
    headers: ['X-Auth-Token:', `X-Auth-Token: ${TOKEN}`],
    status: 401,
    code: 'KMS.0301',
  },
  {
    name: 'two foreign Authorization headers beside a good token',
    headers: ['Authorization: Bearer a', 'Authorization: Bearer b', `X-Auth-Token: ${TOKEN}`],
    status: 200,
    code: undefined,
  },
];
for (const { name, headers, status, code } of TWICE) {
  test(`${name}: ${status}`, async (context) => {
    const { port, lines } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(goodRequest(headers).replace(`X-Auth-Token: ${TOKEN}\r\n`, ''));
    assert.equal((await connection.reply()).status, status);
    assert.equal(lines[0]?.code, code);
  });
}
