import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readInvocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { openDoors } from '../support/doors.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { startService } from '../support/running-service.ts';
import { type Fields, fieldsOf } from '../support/samples.ts';
import { createScriptedApp, FRESH_ID, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { wireRequest } from '../support/wire-request.ts';

const { app, lines } = createScriptedApp();
const httpFunction = createHttpFunction(app);
const { doors, close } = await openDoors(app);
after(close);

const LAMBDA = { awsRequestId: 'id-of-the-lambda-invocation' };
// FunctionGraph's context is an object of a class, whose methods need it.
class FunctionGraphContext {
  readonly #id = 'id-of-the-functiongraph-invocation';
  getRequestID(): string {
    return this.#id;
  }
}

for (const shape of EVENT_SHAPES) {
  const event = shape.eventOf(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
  const withoutId = { ...event, requestContext: withoutRequestId(event) };

  test(`${shape.name}: the event’s id goes before the invocation’s`, async () => {
    assert.equal(await idOf(event, LAMBDA), shape.requestId ?? LAMBDA.awsRequestId);
  });

  test(`${shape.name}: without an id in the event it is the invocation’s`, async () => {
    assert.equal(await idOf(withoutId, LAMBDA), LAMBDA.awsRequestId);
    assert.equal(await idOf(withoutId, new FunctionGraphContext()), 'id-of-the-functiongraph-invocation');
  });

  test(`${shape.name}: without any id it is a fresh one`, async () => {
    for (const context of [{}, undefined, null, 'context', { awsRequestId: 7 }]) {
      assert.equal(await idOf(withoutId, context), FRESH_ID);
    }
  });
}

test('the audit line has the id that the client sees, in success and in failure', async () => {
  for (const door of doors) {
    for (const request of [{ tokens: [SCRIPTED_TOKEN] }, {}, { path: '/' }, { tokens: [SCRIPTED_TOKEN], body: '{' }]) {
      const { answer } = await door.send(wireRequest(request));
      const line = fieldsOf(JSON.parse(lines.at(-1) ?? ''));
      assert.equal(line.request_id, answer.headers['X-Request-Id']);
      assert.equal(line.status, answer.status);
    }
  }
});

test('the server takes no id from its client and gives every request its own', async () => {
  const service = await startService();
  const [server] = service.doors;
  assert(server !== undefined);
  const headers = [['X-Request-Id', 'chosen-by-the-client']] as const;
  const answers = await Promise.all(Array.from({ length: 20 }, () => server.send(wireRequest({ headers }))));
  const ids = answers.map(({ answer }) => answer.headers['X-Request-Id']);
  assert.equal(new Set(ids).size, 20);
  assert(!ids.includes('chosen-by-the-client'));
});

async function idOf(event: Fields, context: unknown): Promise<string | undefined> {
  const { headers, multiValueHeaders } = await httpFunction(event, readInvocation(context));
  return headers?.['X-Request-Id'] ?? multiValueHeaders?.['X-Request-Id']?.[0];
}

function withoutRequestId(event: Fields): Fields {
  const { requestId: _, ...rest } = fieldsOf(event.requestContext);
  return rest;
}
