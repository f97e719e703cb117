import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEventFunction } from '../../../lib/app/functions.ts';
import { eventSamples, patternOf } from '../../support/samples.ts';

const { run: invoke } = startEventFunction(
  {},
  () => undefined,
  () => undefined,
);

/** What a platform makes of it: the result, or the name and the message of what was thrown. */
async function outcomeOf(event: unknown): Promise<unknown> {
  try {
    return await invoke(event, {});
  } catch (error) {
    assert(error instanceof Error);
    return { errorType: error.name, errorMessage: error.message };
  }
}

for (const { name, event, reply } of eventSamples()) {
  test(`${name} is answered as its reply says, parsed, as text and as bytes`, async () => {
    const text = JSON.stringify(event);
    for (const given of [event, text, Buffer.from(text)]) {
      assert.match(JSON.stringify(await outcomeOf(given)), patternOf(JSON.stringify(reply)));
    }
  });
}
