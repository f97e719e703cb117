import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { startService } from '../../support/running-service.ts';
import { fieldsOf, fillIn, isHttpSample, patternOf, readSample, sampleNames } from '../../support/samples.ts';

const { app, iam, tokens } = await startService({ BASE_PATH: '/random' });
const httpFunction = createHttpFunction(app);

/** The invocation's own id, for triggers whose event has none. */
const REQUEST_ID = '79104EXAMPLEB723';
const VALUES = { ...tokens, IAM_URL: iam.url, REQUEST_ID };

const REPLY = '.reply.json';
const samples = sampleNames('.json').filter((name) => !name.endsWith('.reply'));

test('every event has its reply and every reply its event', () => {
  assert.deepEqual(sampleNames(REPLY), samples);
});

for (const name of samples.filter(isHttpSample)) {
  test(`${name} is answered as its reply says`, async () => {
    const event = fillIn(readSample(`${name}.json`), VALUES);
    const expected = fieldsOf(fillIn(readSample(`${name}${REPLY}`), VALUES));
    const { body, ...rest } = fieldsOf(await httpFunction(event, { requestId: REQUEST_ID }));
    assert.match(String(body), patternOf(String(expected.body)));
    assert.deepEqual({ ...rest, body: expected.body }, expected);
  });
}
