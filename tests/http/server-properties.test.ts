import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { ERROR_SENTENCES, PATH } from '../support/contract.ts';
import { openConnection } from '../support/raw-connection.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { openServerDoor } from '../support/server-door.ts';

const { app } = createScriptedApp();
const { port, close } = await openServerDoor(app);
after(close);

const BODY = '{"random_data_length":"512"}';
const REQUEST = `POST ${PATH} HTTP/1.1\r\nHost: kms.test\r\nX-Auth-Token: ${SCRIPTED_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString('latin1'));
const lines = fc.constantFrom(
  '\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 1\r\n',
  'Expect: 200-ok\r\n',
  'Host: x\r\n',
);
const piece = fc.oneof(bytes, lines, fc.constant(REQUEST), fc.string());

test('any bytes in place of any others of a request have an answer of the contract, or none', async () => {
  const damage = fc.tuple(fc.nat(REQUEST.length), fc.nat(30), piece);
  await fc.assert(
    fc.asyncProperty(damage, async ([start, length, text]) => {
      await assertAnswersOf(REQUEST.slice(0, start) + text + REQUEST.slice(start + length));
    }),
    { numRuns: 300 },
  );
});

test('any bytes at all have an answer of the contract, or none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), (pieces) => assertAnswersOf(pieces.join(''))),
    { numRuns: 200 },
  );
});

/** Sends text as Latin-1 and looks at everything that comes back: successes and rows of the table below 500. */
async function assertAnswersOf(text: string): Promise<void> {
  const connection = openConnection(port);
  connection.socket.end(Buffer.from(text, 'latin1'));
  const received = await connection.rest();
  const statuses = [...received.matchAll(/^HTTP\/1\.1 ([0-9]{3}) /gm)].map(([, status = '']) => status);
  for (const status of statuses) assert(status < '500', received);
  const rows = [...received.matchAll(/\{"error":\{"error_code":"([^"]*)","error_msg":"([^"]*)"\}\}/g)];
  for (const [, code, message] of rows) {
    const known = Object.entries(ERROR_SENTENCES).some(
      ([row, sentence]) => row.endsWith(` ${code}`) && sentence === message,
    );
    assert(known, received);
  }
  for (const status of statuses) assert(['100', '200'].includes(status) || rows.length > 0, received);
}
