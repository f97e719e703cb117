import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readInvocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import type { PlatformReply } from '../../lib/adapters/http-event/platform-reply.ts';
import { UnknownEventError } from '../../lib/adapters/http-event/read-http-event.ts';
import { ERROR_SENTENCES, PATH } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { openConnection } from '../support/raw-connection.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { openServerDoor } from '../support/server-door.ts';
import { goodRequest } from '../support/test-server.ts';
import { wireRequest } from '../support/wire-request.ts';

const { app, raw: lines } = createScriptedApp();
const httpFunction = createHttpFunction(app);
/** For each of six shapes. */
const RUNS = { numRuns: 100 };

const LENGTHS = fc.oneof(fc.jsonValue(), fc.integer({ min: 0, max: 9000 }), fc.nat(9000).map(String));
const LOOSE = fc.record(
  { random_data_length: LENGTHS, sequence: fc.jsonValue(), more: fc.jsonValue() },
  { requiredKeys: [] },
);
const TEXTS = fc.oneof(
  fc.json(),
  LOOSE.map((body) => JSON.stringify(body)),
  fc.string({ unit: 'binary' }),
);
const BYTES = fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.boolean());
const KNOWN = ['x-auth-token', 'X-Auth-Token', 'content-type', 'Content-Type', 'authorization', 'x-sdk-date'];
const HEADERS = fc.dictionary(
  fc.oneof(fc.constantFrom(...KNOWN, '__proto__', 'constructor'), fc.string()),
  fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 })),
);
const METHODS = fc.oneof(fc.constantFrom('GET', 'POST', 'post', 'CONNECT', ''), fc.string());
const PATHS = fc.oneof(
  fc.webPath(),
  fc.string(),
  fc.string().map((id) => `/v1.0/${id}/kms/gen-random`),
  fc.constant(PATH),
);

for (const shape of EVENT_SHAPES) {
  const good = wireRequest({ tokens: [SCRIPTED_TOKEN] });
  const event = shape.eventOf(good);
  const events: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    'any text as a body': TEXTS.map((body) => ({ ...event, body, isBase64Encoded: false })),
    'any bytes as a body': BYTES.map(([bytes, isBase64Encoded]) => {
      const body = Buffer.from(bytes).toString(isBase64Encoded ? 'base64' : 'latin1');
      return { ...event, body, isBase64Encoded };
    }),
    'any headers': HEADERS.map((headers) => ({ ...event, headers })),
    'any multi-value headers': HEADERS.map((multiValueHeaders) => ({ ...event, multiValueHeaders })),
    'any method and any path': fc
      .tuple(METHODS, PATHS)
      .map(([method, path]) => shape.eventOf({ ...good, method, path })),
  };
  for (const [name, arbitrary] of Object.entries(events)) {
    test(`${shape.name}: ${name} has an answer of the contract`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitrary, (given) => assertOfTheContract(given)),
        RUNS,
      );
    });
  }

  test(`${shape.name}: an event with any of its members replaced has an answer, or is refused as unknown`, async () => {
    const members = fc.dictionary(fc.constantFrom(...Object.keys(event)), fc.jsonValue());
    const replaced = members.map((more) => ({ ...event, ...more }));
    await fc.assert(
      fc.asyncProperty(replaced, (given) => assertOfTheContractOrUnknown(given)),
      RUNS,
    );
  });
}

test('any value at all is an event or refused as unknown', async () => {
  const names = ['requestContext', 'httpMethod', 'path', 'rawPath', 'headers', 'multiValueHeaders', 'body'];
  const members = Object.fromEntries([...names, 'isBase64Encoded'].map((name) => [name, fc.anything()]));
  const event = fc.oneof(fc.anything(), fc.json(), fc.record(members));
  await fc.assert(fc.asyncProperty(event, fc.anything(), assertOfTheContractOrUnknown), { numRuns: 1000 });
});

const { port } = await openServerDoor(app, { after });

const REQUEST = goodRequest();

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString('latin1'));
const headerLines = fc.constantFrom(
  '\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 1\r\n',
  'Expect: 200-ok\r\n',
  'Host: x\r\n',
);
const piece = fc.oneof(bytes, headerLines, fc.constant(REQUEST), fc.string());

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

test('every line that was logged meanwhile is one JSON object', () => {
  assert(lines.length > 1000);
  for (const line of lines) {
    assert(!/[\r\n]/.test(line));
    assert.equal(typeof JSON.parse(line), 'object');
  }
});

async function assertOfTheContractOrUnknown(event: unknown, context: unknown = {}): Promise<void> {
  try {
    await assertOfTheContract(event, context);
  } catch (error) {
    if (!(error instanceof UnknownEventError)) throw error;
  }
}

async function assertOfTheContract(event: unknown, context: unknown = {}): Promise<void> {
  assertReply(await httpFunction(event, readInvocation(context)));
}

/** A success or a row of the table; never one above 499, for nothing is broken but what the client sent. */
function assertReply({ statusCode, body }: PlatformReply): void {
  if (statusCode === 200) {
    assert.match(body, /^\{"random_data":"[0-9A-F]{2,2048}"\}$/);
    return;
  }
  const { error } = JSON.parse(body);
  const rows: Readonly<Record<string, string>> = ERROR_SENTENCES;
  assert.equal(rows[`${statusCode} ${error.error_code}`], error.error_msg);
  assert(statusCode < 500, body);
}

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
