import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FailedRequestError, WARM } from '../../../lib/adapters/event/event-function.ts';
import { UnsupportedTriggerError } from '../../../lib/adapters/event/event-request.ts';
import { eventSamples } from '../../support/samples.ts';
import { scriptedEventFunction } from '../../support/scripted-app.ts';

const samples = eventSamples().map(({ event }) => event);
const lengths = fc.oneof(fc.constantFrom('8', 8, '8192', 12, '0', null, '8.0', true), fc.jsonValue());
const request = fc.record({ random_data_length: lengths, sequence: fc.jsonValue() }, { requiredKeys: [] });
const message = fc.oneof(
  request,
  request.map((body) => JSON.stringify(body)),
  fc.jsonValue(),
);

const base64 = (content: unknown) =>
  Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64');

/** A message as some queue, stream, topic or bus wraps it. */
const wrapped = message.chain((content) =>
  fc.constantFrom<unknown>(
    { eventSource: 'aws:sqs', body: content },
    { eventSource: 'aws:sqs', body: JSON.stringify({ Type: 'Notification', Message: content }) },
    { eventSource: 'aws:sqs', body: JSON.stringify({ 'detail-type': 'x', detail: content }) },
    { eventSource: 'aws:kinesis', data: content },
    { eventSource: 'aws:rmq', data: base64(content) },
    { eventSource: 'aws:kafka', value: base64(content), headers: [] },
    { eventSource: content, body: content },
    { specversion: '1.0', data_base64: base64(content) },
    { specversion: '1.0', data: content, data_base64: content },
    { headers: content, random_data_length: 8 },
  ),
);

/** Events that come close to what triggers send, and anything that is JSON. */
const events = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  message,
  wrapped,
  fc.array(fc.oneof(message, wrapped), { maxLength: 5 }),
  fc.record({ Records: fc.array(fc.oneof(fc.record({ Sns: fc.record({ Message: message }) }), fc.jsonValue())) }),
  fc.record({ record: fc.array(fc.oneof(fc.record({ smn: fc.record({ message }) }), fc.jsonValue())) }),
  fc.record({ trigger_type: fc.constantFrom('TIMER', 'KAFKA', 'OBS'), user_event: message, records: fc.jsonValue() }),
  fc.record({ specversion: fc.constantFrom('1.0', '0.3', 1), data: message }, { requiredKeys: [] }),
  fc.record({ 'detail-type': fc.jsonValue(), detail: message }, { requiredKeys: [] }),
  fc.tuple(fc.constantFrom(...samples), fc.jsonValue()).map(([sample, more]) => spoilt(sample, more)),
);

/** A sample of which one top-level member is another. */
function spoilt(sample: unknown, more: unknown): unknown {
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return more;
  const [first = 'x'] = Object.keys(sample);
  return { ...sample, [first]: more };
}

const HEX = /^(?:[0-9A-F]{2}){1,1024}$/;
const CODE = /^(?:KMS|APIGW)\.[0-9]{4}$/;

function assertResult(result: unknown): void {
  assert(typeof result === 'object' && result !== null);
  if ('random_data' in result) assert.match(String(result.random_data), HEX);
  else
    assert.match(
      JSON.stringify(result),
      /^\{"error":\{"error_code":"(?:KMS|APIGW)\.[0-9]{4}","error_msg":"[^"]+"\}\}$/,
    );
}

function assertFailure(error: unknown): void {
  assert(error instanceof FailedRequestError || error instanceof UnsupportedTriggerError, String(error));
  if (error instanceof FailedRequestError) assert.match(error.name, CODE);
}

test('any JSON gives a result, a failed request or an unsupported trigger, and one line for each request', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (event) => {
      const { invoke, lines } = scriptedEventFunction();
      let count = 1;
      try {
        const result = await invoke(event, {});
        // A warm-up event, which is among the samples, asks for nothing.
        if (result === WARM) count = 0;
        else for (const each of [result].flat()) assertResult(each);
        if (Array.isArray(result)) count = result.length;
      } catch (error) {
        assertFailure(error);
      }
      assert.equal(lines.length, count);
    }),
    { numRuns: 1_500 },
  );
});

test('a list has as many results as requests, each as if it were alone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(message, wrapped), { maxLength: 6 }), async (list) => {
      const { invoke } = scriptedEventFunction();
      const alone = await Promise.all(list.map(async (item) => invoke([item], {})));
      assert.deepEqual(await invoke(list, {}), alone.flat());
    }),
    { numRuns: 200 },
  );
});
