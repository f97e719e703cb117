import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, type Refusal } from '../../support/contract.ts';
import { assertOneLine, assertRefused } from '../../support/contract-reply.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { goodRequest, head, startTestServer, TOKEN } from '../../support/test-server.ts';

interface Early {
  readonly name: string;
  readonly text: string;
  readonly expected: Refusal;
}

const LENGTH = 'Content-Length: 26';

/** What is known from the headers. */
const EARLY: readonly Early[] = [
  { name: 'an unknown token', text: head([LENGTH]).replace(TOKEN, 'bad'), expected: '403 KMS.0302' },
  { name: 'another method', text: head([LENGTH], `PUT ${PATH} HTTP/1.1`), expected: '405 KMS.0215' },
  { name: 'another content type', text: head([LENGTH]).replace('json', 'xml'), expected: '400 KMS.0214' },
  { name: 'a length over 16 KiB', text: head(['Content-Length: 16385']), expected: '400 KMS.0203' },
];

for (const { name, text, expected } of EARLY) {
  test(`${name} is answered before the body is sent, and a client that sends it goes on`, async (context) => {
    const { port, lines } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(text);
    const reply = await connection.reply();
    assertRefused(reply, expected);
    assertOneLine(lines, reply, expected);
    connection.send('a'.repeat(Number(/Content-Length: ([0-9]+)/.exec(text)?.[1])) + goodRequest());
    assert.equal((await connection.reply()).status, 200);
  });

  test(`${name}: a client that waits to be asked for the body is not, and the connection ends`, async (context) => {
    const { port } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(text.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
    const reply = await connection.reply();
    assertRefused(reply, expected);
    assert.equal(reply.headers.connection, 'close');
    assert.equal(await connection.rest(), '');
  });
}

test('of a stranger who sends a long body nothing is kept before the answer', async (context) => {
  const { port, server } = await startTestServer(context);
  const connection = openConnection(port);
  server.once('request', (request) => {
    // Whoever listened for it would keep it.
    assert.equal(request.listenerCount('data'), 0);
  });
  connection.send(`${head(['Content-Length: 16384']).replace(TOKEN, 'bad')}${'a'.repeat(8_000)}`);
  assertRefused(await connection.reply(), '403 KMS.0302');
});
