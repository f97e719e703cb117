import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSamples, patternOf } from '../support/samples.ts';
import { startLambda } from './lambda.ts';
import { nextAuditLine } from './observed.ts';
import { startRuntimeApi } from './runtime-api.ts';

const TIMEOUT = { timeout: 60_000 };
const samples = eventSamples().filter(({ trigger }) => !trigger.startsWith('functiongraph-'));

test('Lambda, event: every sample is answered as its reply says, errors by their names', TIMEOUT, async (t) => {
  const api = await startRuntimeApi(t);
  const lambda = startLambda(t, { api, name: 'event' });
  assert(samples.length > 10);
  for (const { name, event, reply } of samples) {
    const { kind, body } = await api.invoke(event);
    assert.equal(kind, isThrown(reply) ? 'error' : 'response', name);
    assert.match(JSON.stringify(kind === 'error' ? thrownIn(body) : body), patternOf(JSON.stringify(reply)), name);
  }
  const first = await nextAuditLine(lambda);
  assert.deepEqual([first.cold_start, first.trigger === undefined], [true, false]);
});

test('Lambda, event: needs no IAM, and a wrong configuration fails the init by its name', TIMEOUT, async (t) => {
  const api = await startRuntimeApi(t);
  startLambda(t, { api, name: 'event', variables: { ENTROPY_SOURCES: 'dice' } });
  const report = JSON.stringify(await api.initError);
  assert.match(report, /ENTROPY_SOURCES/);
  assert.doesNotMatch(report, /dice|IAM_URL/);
});

function isThrown(reply: unknown): boolean {
  return typeof reply === 'object' && reply !== null && 'errorType' in reply;
}

/** What Step Functions sees of an error; the stack stands beside it. */
function thrownIn(body: unknown): unknown {
  assert(typeof body === 'object' && body !== null && 'errorType' in body && 'errorMessage' in body);
  return { errorType: body.errorType, errorMessage: body.errorMessage };
}
