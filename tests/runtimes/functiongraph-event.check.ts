import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventSamples, patternOf } from '../support/samples.ts';
import { type FunctionGraph, startFunctionGraph } from './functiongraph.ts';
import { nextAuditLine } from './observed.ts';

const TIMEOUT = { timeout: 60_000 };
const OF_AWS = ['pipes-array', 'pipes-sqs', 'sns', 'eventbridge', 'sqs-mapping'];
const samples = eventSamples().filter(({ trigger }) => !OF_AWS.includes(trigger));

/** The result, or the name and the message of what was thrown. */
async function outcomeOf(fg: FunctionGraph, event: unknown): Promise<unknown> {
  try {
    return await fg.invoke(event);
  } catch (error) {
    assert(error instanceof Error);
    return { errorType: error.name, errorMessage: error.message };
  }
}

test('FunctionGraph, event: every sample, parsed and as text, is answered as its reply says', TIMEOUT, async (t) => {
  const fg = await startFunctionGraph(t, { name: 'event', userData: { LOG_LEVEL: 'error' } });
  assert.equal(fg.nodeVersion, 'v20.15.1');
  await fg.initialize();
  assert(samples.length > 8);
  for (const { name, event, reply } of samples) {
    const expected = patternOf(JSON.stringify(reply));
    assert.match(JSON.stringify(await outcomeOf(fg, event)), expected, name);
    assert.match(JSON.stringify(await outcomeOf(fg, JSON.stringify(event))), expected, name);
  }
  const first = await nextAuditLine(fg.child);
  assert.equal(first.request_id, '5c8b2f0e-7f0d-4d1b-9a55-1f3c5a1e0d77');
});

test('FunctionGraph, event: the initializer reports a wrong configuration by name', TIMEOUT, async (t) => {
  const fg = await startFunctionGraph(t, { name: 'event', userData: { ENTROPY_SOURCES: 'dice' } });
  await assert.rejects(fg.initialize(), { name: 'ConfigError', message: /ENTROPY_SOURCES/ });
});
