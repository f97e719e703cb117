import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInvocation } from '../../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { INVOCATION_ID } from '../../support/doors.ts';
import { EVENT_SHAPES } from '../../support/event-shapes.ts';
import { fieldsOf } from '../../support/samples.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../../support/scripted-app.ts';
import { wireRequest } from '../../support/wire-request.ts';

const httpFunction = createHttpFunction(createScriptedApp().app);

for (const shape of EVENT_SHAPES) {
  test(`${shape.name}: an id that is empty or no text is none, and the reply names the invocation's`, async () => {
    const event = shape.eventOf(wireRequest({ tokens: [SCRIPTED_TOKEN] }));
    for (const requestId of ['', null, 7]) {
      const requestContext = { ...fieldsOf(event.requestContext), requestId };
      const reply = await httpFunction({ ...event, requestContext }, { requestId: INVOCATION_ID });
      const [id] = [(reply.headers ?? reply.multiValueHeaders)?.['X-Request-Id']].flat();
      assert.equal(id, INVOCATION_ID, JSON.stringify(requestId));
    }
  });
}

test("an empty id of an invocation is none, and another platform's is asked for", () => {
  assert.equal(readInvocation({ awsRequestId: '' }).requestId, undefined);
  assert.equal(readInvocation({ getRequestID: () => '' }).requestId, undefined);
  assert.equal(readInvocation({ awsRequestId: '', getRequestID: () => 'fg-1' }).requestId, 'fg-1');
});
