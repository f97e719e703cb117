import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';
import { head, TOKEN } from '../../support/test-server.ts';

const FORWARDED = 'X-Forwarded-For: 198.51.100.1, 203.0.113.1';

/** What never reaches the chain. Headers count only where Node's parser has given them. */
const REFUSED: readonly [name: string, text: string, address: string][] = [
  ['no HTTP', 'garbage\r\n\r\n', '127.0.0.1'],
  ['headers that are too large', head([`X-Long: ${'a'.repeat(60_000)}`]), '127.0.0.1'],
  ['a tunnel', 'CONNECT kms.test:443 HTTP/1.1\r\nHost: kms.test\r\n\r\n', '127.0.0.1'],
  ['two hosts', head(['Host: other.test']), '127.0.0.1'],
  ['two hosts behind a proxy', head(['Host: other.test', FORWARDED]), '203.0.113.1'],
  ['an unknown version', head([FORWARDED]).replace('HTTP/1.1', 'HTTP/2.0'), '203.0.113.1'],
];
for (const [name, text, address] of REFUSED) {
  test(`the line of ${name} has the client's address`, async (context) => {
    const { service, lines } = await startContainer(context, { ...STATIC, TRUSTED_PROXY_HOPS: '1' });
    const connection = openConnection(service.port);
    connection.send(text);
    await connection.reply();
    assert.equal(lines.find(({ status }) => Number(status) >= 400)?.client_ip, address);
    connection.socket.destroy();
  });
}

for (const door of ['cloudevents', 'functiongraph-event']) {
  test(`the line of what the door ${door} cannot read has the client's address`, async (context) => {
    const { origin, lines } = await startContainer(context, { SERVER_DOOR: door });
    const long = { method: 'POST', body: 'a'.repeat(7_000_000) };
    await (await fetch(`${origin}/invoke`, long)).text();
    assert.equal(lines[0]?.code, 'KMS.0203');
    assert.equal(lines[0]?.client_ip, '127.0.0.1');
  });
}

test('a client of IPv4 has its own address where the container listens on both', async (context) => {
  const { service, lines } = await startContainer(context, { ...STATIC, HOST: '[::]' });
  const connection = openConnection(service.port);
  connection.send(head([]));
  await connection.reply();
  assert.equal(lines[0]?.client_ip, '127.0.0.1');
  connection.socket.destroy();
});

const UNFINISHED: readonly [where: string, text: string][] = [
  ['headers', 'POST / HTTP/1.1\r\nHo'],
  ['body', `${head(['Content-Length: 100'])}{"random`],
];
for (const [where, text] of UNFINISHED) {
  test(`a client who ends in the middle of the ${where} has left, and has sent nothing malformed`, async (context) => {
    const { service, lines } = await startContainer(context, STATIC);
    const connection = openConnection(service.port);
    connection.send(text.replace(TOKEN, STATIC_TOKEN));
    connection.socket.end();
    await connection.rest();
    assert.deepEqual(
      lines.map(({ reason, client_gone }) => [reason, client_gone]),
      [['sender-left', true]],
    );
  });
}
