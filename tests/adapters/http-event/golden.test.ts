import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { startService } from '../../support/running-service.ts';
import {
  type Fields,
  fieldsOf,
  fillIn,
  isHttpSample,
  patternOf,
  readSample,
  sampleNames,
} from '../../support/samples.ts';

const { app, iam } = await startService({ BASE_PATH: '/random' });
const httpFunction = createHttpFunction(app);

/** The invocation's own id, for triggers whose event has none. */
const REQUEST_ID = '79104EXAMPLEB723';
const VALUES = { ...iam.tokens, IAM_URL: iam.url, REQUEST_ID };

const REPLY = '.reply.json';
const EVENT = '.json';
const replies = sampleNames(REPLY);
const samples = sampleNames(EVENT).filter((name) => !name.endsWith('.reply'));
const events = samples.filter(isHttpSample);

test('every event has its reply and every reply its event', () => {
  assert.deepEqual(replies, samples);
  assert(events.length > 0);
});

for (const name of events) {
  test(`${name} is answered as its reply says`, async () => {
    const event = fillIn(readSample(`${name}${EVENT}`), VALUES);
    const expected = fieldsOf(fillIn(readSample(`${name}${REPLY}`), VALUES));
    const { body, ...rest } = fieldsOf(await httpFunction(event, { requestId: REQUEST_ID }));
    assert.match(String(body), patternOf(String(expected.body)));
    assert.deepEqual({ ...rest, body: expected.body }, expected);
  });

  test(`${name} names its request by the id of its event`, () => {
    const { requestId } = fieldsOf(readSample(`${name}${EVENT}`).requestContext);
    assert.equal(fillIn(requestIdIn(readSample(`${name}${REPLY}`)), VALUES), requestId ?? REQUEST_ID);
  });

  test(`${name} holds no token`, () => {
    const { headers, multiValueHeaders } = readSample(`${name}${EVENT}`);
    const carried = [headers, multiValueHeaders].flatMap((map) => Object.entries(map ?? {}));
    const given = carried.filter(([header]) => /^(?:x-auth-token|authorization|cookie)$/i.test(header));
    for (const value of given.flatMap(([, values]) => [values].flat())) {
      assert.match(String(value), /^\$\{[A-Z_]*TOKEN\}(?:,\$\{[A-Z_]*TOKEN\})*$/);
    }
  });
}

function requestIdIn({ headers, multiValueHeaders }: Fields): unknown {
  const id = fieldsOf(headers ?? multiValueHeaders)['X-Request-Id'];
  return Array.isArray(id) ? id[0] : id;
}
