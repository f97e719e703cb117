import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH } from '../../support/contract.ts';
import { assertOneLine, assertRefused, requestIdOf } from '../../support/contract-reply.ts';
import { columns } from '../../support/samples.ts';
import { ANSWER, BODY, goodRequest, head, startConnected } from '../../support/test-server.ts';

const LENGTH = `Content-Length: ${BODY.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const CHUNKED_BODY = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;

const MALFORMED = [
  { name: 'a chunk size that is no number', request: `${head([CHUNKED])}zz\r\n` },
  { name: 'a chunk longer than its size', request: `${head([CHUNKED])}5\r\nhelloworld` },
  { name: 'a chunk size of seventeen digits', request: `${head([CHUNKED])}10000000000000000\r\n` },
  { name: 'a chunk extension of 20 kB', request: `${head([CHUNKED])}1a;a=${'b'.repeat(20_000)}\r\n` },
  { name: 'a length and a transfer coding', request: `${head([LENGTH, CHUNKED])}${CHUNKED_BODY}` },
  { name: 'a transfer coding and a length', request: `${head([CHUNKED, LENGTH])}${CHUNKED_BODY}` },
  { name: 'two lengths that differ', request: head([LENGTH, 'Content-Length: 6']) + BODY },
  { name: 'two lengths that agree', request: head([LENGTH, LENGTH]) + BODY },
  { name: 'a list of lengths', request: head([`${LENGTH}, ${BODY.length}`]) + BODY },
  { name: 'a negative length', request: head(['Content-Length: -1']) + BODY },
  { name: 'a length with a plus', request: head(['Content-Length: +26']) + BODY },
  { name: 'a length in hexadecimal', request: head(['Content-Length: 0x1a']) + BODY },
  { name: 'bare line feeds', request: (head([LENGTH]) + BODY).replaceAll('\r\n', '\n') },
  { name: 'one bare line feed in the headers', request: head([`X-A: b\nX-B: c`, LENGTH]) + BODY },
  { name: 'a bare carriage return', request: head([`X-A: b\rX-B: c`, LENGTH]) + BODY },
  { name: 'no Host', request: `POST ${PATH} HTTP/1.1\r\n${LENGTH}\r\n\r\n${BODY}` },
  { name: 'two Hosts', request: head(['Host: other.test', LENGTH]) + BODY },
  { name: 'an unknown method token', request: head([LENGTH], `FOO ${PATH} HTTP/1.1`) + BODY },
  { name: 'a method in lower case', request: head([LENGTH], `post ${PATH} HTTP/1.1`) + BODY },
  { name: 'an HTTP version that there is not', request: head([LENGTH], `POST ${PATH} HTTP/1.7`) + BODY },
  { name: 'a path with a blank', request: head([LENGTH], `POST /a b HTTP/1.1`) + BODY },
  { name: 'a folded header', request: head(['X-A: b\r\n c', LENGTH]) + BODY },
  { name: 'a blank before the colon', request: head(['X-A : b', LENGTH]) + BODY },
  { name: 'a header without a colon', request: head(['X-A', LENGTH]) + BODY },
  { name: 'a NUL in a header', request: head(['X-A: a\0b', LENGTH]) + BODY },
  { name: 'the transfer coding xchunked', request: `${head(['Transfer-Encoding: xchunked'])}${CHUNKED_BODY}` },
  {
    name: 'the transfer codings gzip, chunked',
    request: `${head(['Transfer-Encoding: gzip, chunked'])}${CHUNKED_BODY}`,
  },
  {
    name: 'the transfer codings chunked, gzip',
    request: `${head(['Transfer-Encoding: chunked, gzip'])}${CHUNKED_BODY}`,
  },
  {
    name: 'two transfer codings in two headers',
    request: `${head(['Transfer-Encoding: gzip', CHUNKED])}${CHUNKED_BODY}`,
  },
  { name: 'chunked twice', request: `${head(['Transfer-Encoding: chunked, chunked'])}${CHUNKED_BODY}` },
  { name: 'the transfer coding identity', request: head(['Transfer-Encoding: identity', LENGTH]) + BODY },
  { name: 'an empty transfer coding', request: head(['Transfer-Encoding:', LENGTH]) + BODY },
  { name: 'HTTP/2.0 on the request line', request: head([LENGTH], `POST ${PATH} HTTP/2.0`) + BODY },
  { name: 'HTTP/0.9 on the request line', request: head([LENGTH], `POST ${PATH} HTTP/0.9`) + BODY },
  { name: 'a request line without a version', request: 'GET /\r\n\r\n' },
  { name: 'HTTP/1.0 with chunks', request: head([CHUNKED], `POST ${PATH} HTTP/1.0`) + CHUNKED_BODY },
  { name: 'HTTP/1.0 with another coding', request: head(['Transfer-Encoding: gzip'], `POST ${PATH} HTTP/1.0`) },
  { name: 'HTTP/1.0 with two Hosts', request: head(['Host: other.test', LENGTH], `POST ${PATH} HTTP/1.0`) + BODY },
  { name: 'the preface of HTTP/2', request: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  { name: 'the start of a TLS handshake', request: Buffer.from('16030100c8010000c40303', 'hex') },
  { name: 'no HTTP at all', request: 'garbage\r\n\r\n' },
];

for (const { name, request } of MALFORMED) {
  test(`${name} is 400 KMS.0214 with one audit line`, async (context) => {
    const { lines, connection } = await startConnected(context, { draw: () => assert.fail('bytes were drawn') });
    connection.send(typeof request === 'string' ? Buffer.from(request, 'latin1') : request);
    const reply = await connection.reply();
    assertRefused(reply, '400 KMS.0214');
    assertOneLine(lines, reply, '400 KMS.0214');
    assert.equal(reply.headers.connection, 'close');
    assert.equal(await connection.rest(), '');
  });
}

test('the reason of a refusal is in the audit line and not in the reply', async (context) => {
  const { lines, connection } = await startConnected(context);
  connection.send(`${head([CHUNKED])}zz\r\n`);
  const { body } = await connection.reply();
  assert.match(`${lines[0]?.reason} ${lines[0]?.detail}`, /^not-http HPE_INVALID_CHUNK_SIZE/);
  assert.doesNotMatch(body, /HPE|chunk/i);
});

for (const [name, text] of [
  ['HTTP/2.0', head([LENGTH], `POST ${PATH} HTTP/2.0`)],
  ['HTTP/1.0 with chunks', head([CHUNKED], `POST ${PATH} HTTP/1.0`)],
] as const) {
  test(`what stands behind a refused ${name} is no request`, async (context) => {
    const { lines, connection } = await startConnected(context, { draw: () => assert.fail('bytes were drawn') });
    connection.send(text + goodRequest());
    assertRefused(await connection.reply(), '400 KMS.0214');
    assert.equal(await connection.rest(), '');
    assert.equal(lines.length, 1);
  });
}

const WELL_FORMED = [
  // Node's parser takes these for HTTP/1.0 or for what they resemble, and leaves no trace of the difference.
  { name: 'RTSP/1.0 in place of HTTP/1.0', request: goodRequest().replace('HTTP/1.1', 'RTSP/1.0') },
  { name: 'two blanks behind the method', request: goodRequest().replace('POST ', 'POST  ') },
  { name: 'a length with leading zeros', request: head([`Content-Length: 00${BODY.length}`]) + BODY },
  { name: 'a length', request: goodRequest() },
  { name: 'chunks', request: head([CHUNKED]) + CHUNKED_BODY },
  { name: 'chunks, spelt in another case', request: head(['transfer-encoding: CHUNKED']) + CHUNKED_BODY },
  { name: 'chunks with an extension', request: head([CHUNKED]) + CHUNKED_BODY.replace('\r\n', ';a=b\r\n') },
  { name: 'chunks with a trailer', request: `${head([CHUNKED]) + CHUNKED_BODY.slice(0, -2)}X-Sum: 1\r\n\r\n` },
  { name: 'an empty line before it', request: `\r\n${goodRequest()}` },
  { name: 'a query', request: head([LENGTH], `POST ${PATH}?a=b HTTP/1.1`) + BODY },
  { name: 'HTTP/1.0 without a Host', request: goodRequest().replace('1.1', '1.0').replace('Host: kms.test\r\n', '') },
];
for (const { name, request } of WELL_FORMED) {
  test(`a request with ${name} is answered`, async (context) => {
    const { lines, connection } = await startConnected(context);
    connection.send(request);
    const reply = await connection.reply();
    assert.deepEqual([reply.status, reply.body], [200, ANSWER]);
    assert.deepEqual(columns(lines, 'status', 'request_id'), [[200, requestIdOf(reply)]]);
    connection.socket.destroy();
  });
}
