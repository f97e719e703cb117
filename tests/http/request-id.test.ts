import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readInvocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { FunctionGraphContext } from '../adapters/function/function-graph-context.ts';
import { openDoors } from '../support/doors.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { openConnection } from '../support/raw-connection.ts';
import { type Fields, fieldsOf } from '../support/samples.ts';
import { createScriptedApp, FRESH_ID, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { goodRequest, startTestServer } from '../support/test-server.ts';
import { wireRequest } from '../support/wire-request.ts';

const { app, lines } = createScriptedApp();
const httpFunction = createHttpFunction(app);
const doors = await openDoors(app, { after });

const LAMBDA = { awsRequestId: 'id-of-the-lambda-invocation' };
const FUNCTIONGRAPH = new FunctionGraphContext({ requestId: 'id-of-the-functiongraph-invocation' });

for (const shape of EVENT_SHAPES) {
  test(`${shape.name}: the id is the event’s, else the invocation’s, else a fresh one`, async () => {
    const event = shape.eventOf(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
    const withoutId = { ...event, requestContext: withoutRequestId(event) };
    assert.equal(await idOf(event, LAMBDA), shape.requestId ?? LAMBDA.awsRequestId);
    assert.equal(await idOf(withoutId, LAMBDA), LAMBDA.awsRequestId);
    assert.equal(await idOf(withoutId, FUNCTIONGRAPH), 'id-of-the-functiongraph-invocation');
    for (const context of [{}, undefined, null, 'context', { awsRequestId: 7 }]) {
      assert.equal(await idOf(withoutId, context), FRESH_ID);
    }
  });
}

test('the audit line has the id that the client sees, in success and in failure', async () => {
  for (const door of doors) {
    for (const request of [{ tokens: [SCRIPTED_TOKEN] }, {}, { path: '/' }, { tokens: [SCRIPTED_TOKEN], body: '{' }]) {
      const { answer } = await door.send(wireRequest(request));
      const line = lines.at(-1);
      assert.deepEqual([line?.request_id, line?.status], [answer.headers['X-Request-Id'], answer.status]);
    }
  }
});

test('the server takes no id from its client and gives every request its own', async (context) => {
  const connection = openConnection((await startTestServer(context)).port);
  const ids = new Set(['chosen-by-the-client']);
  for (let index = 0; index < 20; index += 1) {
    connection.send(goodRequest(['X-Request-Id: chosen-by-the-client']));
    ids.add((await connection.reply()).headers['x-request-id'] ?? '');
  }
  assert.equal(ids.size, 21);
});

async function idOf(event: Fields, context: unknown): Promise<string | undefined> {
  const { headers, multiValueHeaders } = await httpFunction(event, readInvocation(context));
  return headers?.['X-Request-Id'] ?? multiValueHeaders?.['X-Request-Id']?.[0];
}

function withoutRequestId(event: Fields): Fields {
  const { requestId: _, ...rest } = fieldsOf(event.requestContext);
  return rest;
}
