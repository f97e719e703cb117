import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEventFunction } from '../../../lib/app/functions.ts';
import { eventSamples, patternOf } from '../../support/samples.ts';

const lines: string[] = [];
const { run: invoke } = startEventFunction(
  {},
  (line) => lines.push(line),
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
  test(`${name} is answered as its reply says`, async () => {
    assert.match(JSON.stringify(await outcomeOf(event)), patternOf(JSON.stringify(reply)));
  });

  test(`${name} parsed or as text: the same answer`, async () => {
    const expected = patternOf(JSON.stringify(reply));
    const text = JSON.stringify(event);
    assert.match(JSON.stringify(await outcomeOf(text)), expected);
    assert.match(JSON.stringify(await outcomeOf(Buffer.from(text))), expected);
  });

  test(`${name} asks for no token and carries none`, () => {
    assert.doesNotMatch(JSON.stringify(event), /x-auth-token|authorization|\$\{/i);
  });
}
