import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../support/app.ts';
import { PATH } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { type Fields, fieldsOf } from '../support/samples.ts';
import { AKSK_CREDENTIALS, sent } from '../support/signed-request.ts';
import { wireRequest } from '../support/wire-request.ts';

// A client signs the path that it sends, in which a gateway's stage may stand, or the one behind it.

const httpFunction = createHttpFunction(appOf({ AUTH_METHODS: 'aksk', AKSK_CREDENTIALS }));

/** How a gateway writes the path behind a stage into its event. */
const STAGED: Readonly<Record<string, (event: Fields) => Fields>> = {
  'apigw-rest': (event) => ({
    requestContext: { ...fieldsOf(event.requestContext), stage: 'test', path: `/test${PATH}` },
  }),
  'apigw-http': (event) => ({
    rawPath: `/test${PATH}`,
    requestContext: { ...fieldsOf(event.requestContext), stage: 'test' },
  }),
};

for (const shape of EVENT_SHAPES) {
  const stage = STAGED[shape.name];
  if (stage === undefined) continue;
  for (const [signed, status] of [
    [`/test${PATH}`, 200],
    [`/test${PATH}/`, 200],
    [PATH, 200],
    [`/other${PATH}`, 401],
    [`/test/test${PATH}`, 401],
    ['/test', 401],
    ['/', 401],
  ] as const) {
    test(`${shape.name}: the path ${signed} is signed, /test${PATH} is sent: ${status}`, async () => {
      const event = shape.eventOf(wireRequest({ ...sent({ path: signed }), path: PATH }));
      assert.equal((await httpFunction({ ...event, ...stage(event) }, {})).statusCode, status);
    });
  }
}
