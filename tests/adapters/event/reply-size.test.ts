import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, ServiceError } from '../../../lib/errors.ts';
import { drawCounting, scriptedEventFunction } from '../../support/scripted-app.ts';
import { startContainer } from '../../support/started-service.ts';
import { sqsRecord } from './aws-events.ts';

const MIB_6 = 6 * 1024 * 1024;
const requestOf = (bits: number) => ({ random_data_length: bits });
const listOf = (length: number, item: unknown) => Array.from({ length }, () => item);
const LARGEST = requestOf(8_192);
const TOO_LONG = { name: 'KMS.0203', message: 'Request message too long.' };

/** A list whose answer has so many bytes: all but three are of the largest requests. */
function listOfBytes(bytes: number): unknown[] {
  const characters = bytes - (1 + 3_042 * (18 + 2_048 + 1) + 3 * (18 + 1));
  const third = 2 * Math.floor(characters / 6);
  const rest = [third, third, characters - 2 * third].map((each) => requestOf(each * 4));
  return [...listOf(3_042, LARGEST), ...rest];
}

test('a list whose answer is just 6 MiB is drawn', async () => {
  const { invoke } = scriptedEventFunction();
  const text = JSON.stringify(await invoke(listOfBytes(MIB_6), {}));
  assert.equal(text.length, MIB_6);
});

const TOO_MUCH: readonly (readonly [name: string, list: readonly unknown[]])[] = [
  ['3,100 requests of 8,192 bits', listOf(3_100, LARGEST)],
  ['3,100 messages of a queue', listOf(3_100, sqsRecord(JSON.stringify(LARGEST)))],
  ['two bytes more than 6 MiB', listOfBytes(MIB_6 + 2)],
  ['10,000 requests of 4,096 bits', listOf(10_000, requestOf(4_096))],
  ['many refusals beside many bits', [...listOf(3_000, LARGEST), ...listOf(1_000, requestOf(12))]],
  ['many lists in the list beside many bits', [...listOf(3_000, LARGEST), ...listOf(1_000, [LARGEST])]],
];
for (const [name, list] of TOO_MUCH) {
  test(`a list of ${name} is KMS.0203 with one line, and nothing is drawn`, async () => {
    const { invoke, lines } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
    await assert.rejects(async () => invoke(list, { requestId: 'r-1' }), TOO_LONG);
    assert.deepEqual(
      lines.map((line) => [line.request_id, line.trigger, line.status, line.code, line.reason]),
      [['r-1', 'batch', 400, 'KMS.0203', 'reply-too-long']],
    );
  });
}

const ENOUGH: readonly (readonly [name: string, list: readonly unknown[]])[] = [
  ['3,043 requests of 8,192 bits', listOf(3_043, LARGEST)],
  ['10,000 requests of 8 bits', listOf(10_000, requestOf(8))],
  ['10,000 refusals', listOf(10_000, requestOf(12))],
  ['10,000 lists', listOf(10_000, listOf(2, LARGEST))],
];
for (const [name, list] of ENOUGH) {
  test(`a list of ${name} is answered, each in its place`, async () => {
    const { invoke } = scriptedEventFunction();
    const results = [await invoke(list, {})].flat();
    assert.equal(results.length, list.length);
    assert(JSON.stringify(results).length <= MIB_6);
  });
}

test('an answer fits where the last draws fail with the longest error, too', async () => {
  const key = 'path-unknown';
  const error = { error: { error_code: CATALOGUE[key].code, error_msg: CATALOGUE[key].message } };
  const errorBytes = JSON.stringify(error).length + 1;
  const count = Math.floor((MIB_6 - 1 - 3_000 * (18 + 2_048 + 1)) / errorBytes);
  let drawn = 0;
  const { invoke } = scriptedEventFunction((length) => {
    drawn += 1;
    if (drawn > 3_000) throw new ServiceError(key);
    return drawCounting(length);
  });
  const list = [...listOf(3_000, LARGEST), ...listOf(count, requestOf(8))];
  const text = JSON.stringify(await invoke(list, {}));
  assert(text.length <= MIB_6 && text.length > MIB_6 - errorBytes, String(text.length));
  // Its successes would fit, and its failures would not.
  await assert.rejects(async () => invoke([...list, requestOf(8)], {}), TOO_LONG);
});

test("at FunctionGraph's door a list with too long an answer is a thrown KMS.0203", async (context) => {
  const { origin, audited } = await startContainer(context, { SERVER_DOOR: 'functiongraph-event' });
  const response = await fetch(`${origin}/invoke`, { method: 'POST', body: JSON.stringify(listOf(3_100, LARGEST)) });
  assert.deepEqual(
    [response.status, await response.json()],
    [500, { errorType: TOO_LONG.name, errorMessage: TOO_LONG.message }],
  );
  assert.equal(audited().length, 1);
});
