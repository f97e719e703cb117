import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRequest } from '../../../lib/adapters/event/event-request.ts';
import { readEvent } from '../../../lib/adapters/event/read-event.ts';
import { ServiceError } from '../../../lib/errors.ts';
import { eventBridgeEvent, snsEvent, sqsRecord } from './aws-events.ts';

const REQUEST = { random_data_length: '8' };
const TEXT = JSON.stringify(REQUEST);

/** What a reader gives, or the catalogue's key of what it throws. */
function bodyOrKey(read: EventRequest): unknown {
  try {
    return read();
  } catch (error) {
    assert(error instanceof ServiceError);
    return error.key;
  }
}

function seen(event: unknown): unknown[] {
  const { trigger, requests } = readEvent(event);
  return [trigger, typeof requests === 'function' ? bodyOrKey(requests) : requests.map(bodyOrKey)];
}

const timer = (userEvent: unknown) => ({ version: 'v1.0', trigger_type: 'TIMER', user_event: userEvent });
const smn = (...messages: readonly unknown[]) => ({
  record: messages.map((message) => ({ event_source: 'smn', smn: { message } })),
});
const kafka = (...messages: readonly unknown[]) => ({ trigger_type: 'KAFKA', records: [{ messages }] });
const cloudEvent = (data: unknown) => ({ specversion: '1.0', id: '1', source: '/a', type: 't', data });

const SHAPES: readonly { readonly name: string; readonly event: unknown; readonly expected: unknown }[] = [
  { name: 'a direct request', event: REQUEST, expected: ['direct', REQUEST] },
  {
    name: 'a direct request of null',
    event: { random_data_length: null },
    expected: ['direct', { random_data_length: null }],
  },
  { name: 'a direct request that forgot its length', event: {}, expected: ['direct', {}] },
  { name: 'a direct request of a sequence alone', event: { sequence: 'a' }, expected: ['direct', { sequence: 'a' }] },
  { name: 'an empty list', event: [], expected: ['batch', []] },
  { name: 'a list of one', event: [REQUEST], expected: ['batch', [REQUEST]] },
  { name: 'a list of objects and texts', event: [TEXT, REQUEST], expected: ['batch', [REQUEST, REQUEST]] },
  {
    name: 'a list of queued messages',
    event: [sqsRecord(TEXT), sqsRecord('{')],
    expected: ['batch', [REQUEST, 'body-not-json']],
  },
  { name: 'a notification', event: snsEvent(TEXT), expected: ['sns', REQUEST] },
  { name: 'two notifications', event: snsEvent(TEXT, ''), expected: ['sns', [REQUEST, 'length-missing']] },
  { name: 'an event of a bus', event: eventBridgeEvent(REQUEST), expected: ['eventbridge', REQUEST] },
  { name: 'an event of a bus with text in it', event: eventBridgeEvent(TEXT), expected: ['eventbridge', REQUEST] },
  { name: 'a timer', event: timer(TEXT), expected: ['functiongraph-timer', REQUEST] },
  {
    name: 'a timer without a word',
    event: { trigger_type: 'TIMER' },
    expected: ['functiongraph-timer', 'length-missing'],
  },
  { name: 'an SMN message', event: smn(TEXT), expected: ['functiongraph-smn', REQUEST] },
  { name: 'two SMN messages', event: smn('x', TEXT), expected: ['functiongraph-smn', ['body-not-json', REQUEST]] },
  { name: 'a Kafka message', event: kafka(TEXT), expected: ['functiongraph-kafka', [REQUEST]] },
  { name: 'Kafka without a message', event: kafka(), expected: ['functiongraph-kafka', []] },
  { name: 'Kafka without records', event: { trigger_type: 'KAFKA' }, expected: ['functiongraph-kafka', []] },
  { name: 'a CloudEvent', event: cloudEvent(REQUEST), expected: ['cloudevents', REQUEST] },
  { name: 'a CloudEvent with text in it', event: cloudEvent(TEXT), expected: ['cloudevents', REQUEST] },
  { name: 'a CloudEvent of nothing', event: cloudEvent(undefined), expected: ['cloudevents', 'length-missing'] },
];
for (const { name, event, expected } of SHAPES) {
  test(`${name} is read`, () => assert.deepEqual(seen(event), expected));
}

const MESSAGES: readonly { readonly name: string; readonly message: unknown; readonly expected: unknown }[] = [
  { name: 'that is no JSON', message: 'eight bits, please', expected: 'body-not-json' },
  { name: 'with half a JSON', message: '{"random_data_length":', expected: 'body-not-json' },
  { name: 'that is empty', message: '', expected: 'length-missing' },
  { name: 'of null', message: null, expected: 'length-missing' },
  { name: 'that is not there', message: undefined, expected: 'length-missing' },
  { name: 'of exactly 16 KiB', message: TEXT.padEnd(16 * 1024), expected: REQUEST },
  { name: 'of one byte more', message: TEXT.padEnd(16 * 1024 + 1), expected: 'body-too-long' },
  { name: 'of few characters and many bytes', message: '€'.repeat(6_000), expected: 'body-too-long' },
];
const CARRIERS: readonly {
  readonly name: string;
  readonly carry: (message: unknown) => unknown;
  readonly isList?: true;
}[] = [
  {
    name: 'a notification',
    carry: (message) => ({ Records: [{ EventSource: 'aws:sns', Sns: { Message: message } }] }),
  },
  { name: 'an event of a bus', carry: (message) => ({ 'detail-type': 'x', detail: message }) },
  { name: 'a timer', carry: timer },
  { name: 'an SMN message', carry: (message) => smn(message) },
  { name: 'a CloudEvent', carry: cloudEvent },
  { name: 'a Kafka message', carry: (message) => kafka(message), isList: true },
  { name: 'a queued message', carry: (message) => [{ eventSource: 'aws:sqs', body: message }], isList: true },
  { name: 'a list', carry: (message) => [message], isList: true },
];
for (const { name, carry, isList } of CARRIERS) {
  test(`what ${name} carries is a request or says why not`, () => {
    for (const { name: what, message, expected } of MESSAGES) {
      const [, body] = seen(carry(message));
      assert.deepEqual(body, isList ? [expected] : expected, `one ${what}`);
    }
  });
}

const MALFORMED = [
  { name: 'notifications', event: { Records: ['x', { Sns: { Message: TEXT } }, { Sns: null }] }, trigger: 'sns' },
  { name: 'SMN messages', event: { record: [null, { smn: { message: TEXT } }, 7] }, trigger: 'functiongraph-smn' },
  { name: 'a list', event: [null, TEXT, undefined], trigger: 'batch' },
];
for (const { name, event, trigger } of MALFORMED) {
  test(`what is malformed among ${name} keeps its place`, () => {
    assert.deepEqual(seen(event), [trigger, ['length-missing', REQUEST, 'length-missing']]);
  });
}

test('the messages of several Kafka records keep their order', () => {
  const record = (...lengths: readonly number[]) => ({ messages: lengths.map((n) => `{"random_data_length":${n}}`) });
  const records = [record(8, 16), { messages: 'x' }, 'x', record(24), record()];
  const expected = [8, 16, 24].map((length) => ({ random_data_length: length }));
  assert.deepEqual(seen({ trigger_type: 'KAFKA', records }), ['functiongraph-kafka', expected]);
});
