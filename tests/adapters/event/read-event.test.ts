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

const SHAPES: readonly (readonly [name: string, event: unknown, expected: unknown])[] = [
  ['a direct request', REQUEST, ['direct', REQUEST]],
  ['a direct request of null', { random_data_length: null }, ['direct', { random_data_length: null }]],
  ['a direct request that forgot its length', {}, ['direct', {}]],
  ['a direct request of a sequence alone', { sequence: 'a' }, ['direct', { sequence: 'a' }]],
  ['an empty list', [], ['batch', []]],
  ['a list of one', [REQUEST], ['batch', [REQUEST]]],
  ['a list of objects and texts', [TEXT, REQUEST], ['batch', [REQUEST, REQUEST]]],
  ['a list of queued messages', [sqsRecord(TEXT), sqsRecord('{')], ['batch', [REQUEST, 'body-not-json']]],
  ['a notification', snsEvent(TEXT), ['sns', REQUEST]],
  ['two notifications', snsEvent(TEXT, ''), ['sns', [REQUEST, 'length-missing']]],
  ['an event of a bus', eventBridgeEvent(REQUEST), ['eventbridge', REQUEST]],
  ['an event of a bus with text in it', eventBridgeEvent(TEXT), ['eventbridge', REQUEST]],
  ['a timer', timer(TEXT), ['functiongraph-timer', REQUEST]],
  ['a timer without a word', { trigger_type: 'TIMER' }, ['functiongraph-timer', 'length-missing']],
  ['an SMN message', smn(TEXT), ['functiongraph-smn', REQUEST]],
  ['two SMN messages', smn('x', TEXT), ['functiongraph-smn', ['body-not-json', REQUEST]]],
  ['a Kafka message', kafka(TEXT), ['functiongraph-kafka', [REQUEST]]],
  ['Kafka without a message', kafka(), ['functiongraph-kafka', []]],
  ['Kafka without records', { trigger_type: 'KAFKA' }, ['functiongraph-kafka', []]],
  ['a CloudEvent', cloudEvent(REQUEST), ['cloudevents', REQUEST]],
  ['a CloudEvent with text in it', cloudEvent(TEXT), ['cloudevents', REQUEST]],
  ['a CloudEvent of nothing', cloudEvent(undefined), ['cloudevents', 'length-missing']],
];
for (const [name, event, expected] of SHAPES) {
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
const CARRIERS: readonly (readonly [name: string, carry: (message: unknown) => unknown, isList?: true])[] = [
  ['a notification', (message) => ({ Records: [{ EventSource: 'aws:sns', Sns: { Message: message } }] })],
  ['an event of a bus', (message) => ({ 'detail-type': 'x', detail: message })],
  ['a timer', timer],
  ['an SMN message', (message) => smn(message)],
  ['a CloudEvent', cloudEvent],
  ['a Kafka message', (message) => kafka(message), true],
  ['a queued message', (message) => [{ eventSource: 'aws:sqs', body: message }], true],
  ['a list', (message) => [message], true],
];
for (const [name, carry, isList] of CARRIERS) {
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
