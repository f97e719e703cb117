import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH } from '../../support/contract.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';

const SOCKET = '127.0.0.1';
const ROWS: readonly [hops: string, forwarded: readonly string[], address: string][] = [
  ['0', [], SOCKET],
  ['0', ['203.0.113.1'], SOCKET],
  ['1', [], SOCKET],
  ['1', ['198.51.100.1, 203.0.113.1'], '203.0.113.1'],
  ['2', ['198.51.100.1, 203.0.113.1, 10.0.0.1'], '203.0.113.1'],
  ['2', ['198.51.100.1, 203.0.113.1', '10.0.0.1'], '203.0.113.1'],
  ['2', ['203.0.113.1'], SOCKET],
  ['1', ['2001:db8::7'], '2001:db8::7'],
  ['1', ['unknown'], SOCKET],
  ['1', ['203.0.113.1:4711'], SOCKET],
  ['1', ['203.0.113.1,'], SOCKET],
];
for (const [hops, forwarded, address] of ROWS) {
  test(`behind ${hops} proxies, X-Forwarded-For ${JSON.stringify(forwarded)}: ${address}`, async (context) => {
    const { service, audited } = await startContainer(context, { ...STATIC, TRUSTED_PROXY_HOPS: hops });
    const lines = [
      `POST ${PATH} HTTP/1.1`,
      'Host: kms.test',
      'Connection: close',
      `X-Auth-Token: ${STATIC_TOKEN}`,
      ...forwarded.map((value) => `X-Forwarded-For: ${value}`),
    ];
    const connection = openConnection(service.port);
    connection.send(`${lines.join('\r\n')}\r\n\r\n`);
    await connection.rest();
    assert.equal(audited()[0]?.client_ip, address);
  });
}
