import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedTriggerError } from '../../../lib/adapters/event/event-request.ts';
import { readEvent } from '../../../lib/adapters/event/read-event.ts';
import { isHttpSample, readSample, sampleNames } from '../../support/samples.ts';
import { eventBridgeEvent, httpApiEvent, snsEvent, sqsEvent } from './aws-events.ts';

const REQUEST = { random_data_length: '8' };
const TEXT = JSON.stringify(REQUEST);
const cloudEvent = { specversion: '1.0', id: '1', source: '/a', type: 't', data: REQUEST };
const timer = { version: 'v1.0', trigger_type: 'TIMER', user_event: TEXT };
const kafka = { trigger_type: 'KAFKA', records: [{ messages: [TEXT] }] };
const smn = { record: [{ event_source: 'smn', smn: { message: TEXT } }] };

const OTHERS = { ...REQUEST, ...eventBridgeEvent(REQUEST), ...cloudEvent, ...timer, ...smn };

test('an HTTP request is refused by name, whatever else it looks like', () => {
  const triggers = sampleNames('.success.json').filter(isHttpSample);
  assert.equal(triggers.length, 6);
  for (const name of triggers) {
    for (const more of [{}, OTHERS, snsEvent(TEXT), kafka]) {
      assert.throws(
        () => readEvent({ ...readSample(`${name}.success.json`), ...more }),
        isRefusal(/an HTTP request needs a token/),
      );
    }
  }
  assert.throws(() => readEvent({ ...httpApiEvent(TEXT), ...REQUEST }), isRefusal(/an HTTP request needs a token/));
});

test('an SQS event source mapping is refused with a pointer to pipes, whatever else it looks like', () => {
  const { Records: queued } = sqsEvent(TEXT);
  const { Records: notified } = snsEvent(TEXT);
  for (const event of [
    sqsEvent(TEXT),
    sqsEvent(TEXT, TEXT),
    { Records: [...notified, ...queued] },
    { ...OTHERS, Records: queued },
  ]) {
    assert.throws(
      () => readEvent(event),
      isRefusal(/SQS event source mapping.*EventBridge pipe \(deploy\/pipes\.yml\)/),
    );
  }
});

const UNKNOWN = [
  { name: 'no record', event: { Records: [] }, keys: /top-level keys: Records$/ },
  {
    name: 'records of another service',
    event: { Records: [{ eventSource: 'aws:s3', s3: {} }] },
    keys: /top-level keys: Records$/,
  },
  {
    name: 'a Kafka of AWS',
    event: { eventSource: 'aws:kafka', records: {} },
    keys: /top-level keys: eventSource, records$/,
  },
  {
    name: 'a RocketMQ',
    event: { trigger_type: 'ROCKETMQ', records: [] },
    keys: /top-level keys: trigger_type, records$/,
  },
  {
    name: 'an older CloudEvent',
    event: { ...cloudEvent, specversion: '0.3' },
    keys: /top-level keys: specversion, id/,
  },
  { name: 'null', event: null, keys: /neither an object nor a list$/ },
  { name: 'nothing', event: undefined, keys: /neither an object nor a list$/ },
  { name: 'a number', event: 512, keys: /neither an object nor a list$/ },
  { name: 'text', event: 'random_data_length', keys: /neither an object nor a list$/ },
  { name: 'bytes', event: Buffer.from([0xff]), keys: /neither an object nor a list$/ },
];
for (const { name, event, keys } of UNKNOWN) {
  test(`${name} is refused, with the keys and no value`, () => assert.throws(() => readEvent(event), isRefusal(keys)));
}

test('of many keys twenty are named', () => {
  const event = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key-${index}`, 'value-of-it']));
  assert.throws(
    () => readEvent(event),
    (error: Error) => {
      assert.deepEqual([error.message.match(/key-/g)?.length, error.message.includes('value-of-it')], [20, false]);
      return true;
    },
  );
});

test('a prototype in JSON is a member like any other', () => {
  const smuggled = '{"__proto__":{"random_data_length":"8"}}';
  assert.throws(() => readEvent(JSON.parse(smuggled)), isRefusal(/top-level keys: __proto__$/));
  for (const kind of ['Records', 'specversion', 'trigger_type', 'detail-type']) {
    assert.throws(() => readEvent(JSON.parse(`{"__proto__":{"${kind}":"1.0","data":{}}}`)), isRefusal(/__proto__$/));
  }
  assert.deepEqual(Object.keys(Object.prototype), []);
});

function isRefusal(message: RegExp) {
  return (error: unknown) => {
    assert(error instanceof UnsupportedTriggerError);
    assert.equal(error.name, 'UnsupportedTriggerError');
    assert.match(error.message, message);
    return true;
  };
}
