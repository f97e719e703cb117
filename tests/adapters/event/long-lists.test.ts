import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns } from '../../support/samples.ts';
import { drawCounting, scriptedEventFunction } from '../../support/scripted-app.ts';
import { startContainer } from '../../support/started-service.ts';
import { sqsRecord } from './aws-events.ts';

const REQUEST = { random_data_length: '8' };
const listOf = (length: number, item: unknown = REQUEST) => Array.from({ length }, () => item);

const TOO_LONG: readonly { readonly name: string; readonly event: unknown }[] = [
  { name: 'requests', event: listOf(10_001) },
  { name: 'messages of a queue', event: listOf(10_001, sqsRecord(JSON.stringify(REQUEST))) },
  { name: 'requests that would be refused', event: listOf(10_001, {}) },
];
for (const { name, event } of TOO_LONG) {
  test(`a list of 10,001 ${name} is KMS.0203, and nothing is drawn`, async () => {
    const { invoke } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
    await assert.rejects(async () => invoke(event, {}), { name: 'KMS.0203', message: 'Request message too long.' });
  });
}

test('a list that is refused has one audit line', async () => {
  const { invoke, lines } = scriptedEventFunction();
  await assert.rejects(async () => invoke(listOf(10_001), { requestId: 'r-1' }));
  assert.deepEqual(columns(lines, 'request_id', 'trigger', 'status', 'code'), [['r-1', 'batch', 400, 'KMS.0203']]);
});

test('a list of 10,000 is answered', async () => {
  const { invoke } = scriptedEventFunction();
  const results = [await invoke(listOf(10_000), {})].flat();
  assert.deepEqual([results.length, results.at(-1)], [10_000, { random_data: 'A5' }]);
});

test("a list of 10,001 at FunctionGraph's door is a thrown KMS.0203", async (context) => {
  const { origin } = await startContainer(context, { SERVER_DOOR: 'functiongraph-event' });
  const response = await fetch(`${origin}/invoke`, { method: 'POST', body: JSON.stringify(listOf(10_001)) });
  assert.deepEqual(
    [response.status, await response.json()],
    [500, { errorType: 'KMS.0203', errorMessage: 'Request message too long.' }],
  );
});

test('of a list of 300 no more than 100 are drawn before other work has its turn', async () => {
  let drawn = 0;
  const { invoke } = scriptedEventFunction((length) => {
    drawn += 1;
    return drawCounting(length);
  });
  const seen: number[] = [];
  let next = setImmediate(function look() {
    seen.push(drawn);
    next = setImmediate(look);
  });
  assert.equal([await invoke(listOf(300), {})].flat().length, 300);
  clearImmediate(next);
  // Timers have their turn between two of these.
  assert.deepEqual(seen.slice(0, 3), [100, 200, 300]);
});
