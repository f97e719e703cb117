import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readInvocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import type { PlatformReply } from '../../lib/adapters/http-event/platform-reply.ts';
import { UnknownEventError } from '../../lib/adapters/http-event/read-http-event.ts';
import { ERROR_SENTENCES, PATH } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { wireRequest } from '../support/wire-request.ts';

const { app, lines } = createScriptedApp();
const httpFunction = createHttpFunction(app);
const RUNS = { numRuns: 300 };

for (const shape of EVENT_SHAPES) {
  const good = wireRequest({ tokens: [SCRIPTED_TOKEN] });

  test(`${shape.name}: any JSON body has an answer of the contract`, async () => {
    const value = fc.oneof(
      fc.json(),
      looseBody().map((body) => JSON.stringify(body)),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(value, async (body) => {
        await assertOfTheContract({ ...shape.eventOf(good), body, isBase64Encoded: false });
      }),
      RUNS,
    );
  });

  test(`${shape.name}: any bytes as a body have an answer of the contract`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.boolean(), async (bytes, isBase64Encoded) => {
        const body = Buffer.from(bytes).toString(isBase64Encoded ? 'base64' : 'latin1');
        await assertOfTheContract({ ...shape.eventOf(good), body, isBase64Encoded });
      }),
      RUNS,
    );
  });

  test(`${shape.name}: any headers have an answer of the contract`, async () => {
    const values = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(headerName(), values), fc.boolean(), async (headers, isMulti) => {
        const more = isMulti ? { multiValueHeaders: headers } : { headers };
        await assertOfTheContract({ ...shape.eventOf(good), ...more });
      }),
      RUNS,
    );
  });

  test(`${shape.name}: any method and any path have an answer of the contract`, async () => {
    const path = fc.oneof(
      fc.webPath(),
      fc.string(),
      fc.string().map((id) => `/v1.0/${id}/kms/gen-random`),
      fc.constant(PATH),
    );
    const method = fc.oneof(fc.constantFrom('GET', 'POST', 'post', 'CONNECT', ''), fc.string());
    await fc.assert(
      fc.asyncProperty(method, path, async (...[anyMethod, anyPath]) => {
        await assertOfTheContract(shape.eventOf({ ...good, method: anyMethod, path: anyPath }));
      }),
      RUNS,
    );
  });

  test(`${shape.name}: an event with any of its members replaced has an answer, or is refused as unknown`, async () => {
    const event = shape.eventOf(good);
    const member = fc.constantFrom(...Object.keys(event));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(member, fc.jsonValue()), async (members) => {
        await assertOfTheContractOrUnknown({ ...event, ...members });
      }),
      RUNS,
    );
  });
}

test('any value at all is an event or refused as unknown', async () => {
  const event = fc.oneof(
    fc.anything(),
    fc.json(),
    fc.record({
      requestContext: fc.anything(),
      httpMethod: fc.anything(),
      path: fc.anything(),
      rawPath: fc.anything(),
      headers: fc.anything(),
      multiValueHeaders: fc.anything(),
      body: fc.anything(),
      isBase64Encoded: fc.anything(),
    }),
  );
  await fc.assert(
    fc.asyncProperty(event, fc.anything(), (given, context) => assertOfTheContractOrUnknown(given, context)),
    { numRuns: 2000 },
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
    assertReply(await httpFunction(event, readInvocation(context)));
  } catch (error) {
    if (!(error instanceof UnknownEventError)) throw error;
  }
}

async function assertOfTheContract(event: unknown): Promise<void> {
  assertReply(await httpFunction(event, {}));
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

function looseBody() {
  const length = fc.oneof(fc.jsonValue(), fc.integer({ min: 0, max: 9000 }), fc.nat(9000).map(String));
  const members = { random_data_length: length, sequence: fc.jsonValue(), more: fc.jsonValue() };
  return fc.record(members, { requiredKeys: [] });
}

function headerName() {
  const known = ['x-auth-token', 'X-Auth-Token', 'content-type', 'Content-Type', 'authorization', 'x-sdk-date'];
  return fc.oneof(fc.constantFrom(...known, '__proto__', 'constructor'), fc.string());
}
