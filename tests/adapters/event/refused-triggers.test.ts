import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedTriggerError } from '../../../lib/adapters/event/event-request.ts';
import { readEvent } from '../../../lib/adapters/event/read-event.ts';
import { isHttpSample, readSample, sampleNames } from '../../support/samples.ts';
import { drawCounting, scriptedEventFunction } from '../../support/scripted-app.ts';
import { eventBridgeEvent, snsEvent, sqsEvent } from './aws-events.ts';

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
      const event = { ...readSample(`${name}.success.json`), ...more };
      assert.throws(() => readEvent(event), isRefusal(/an HTTP request needs a token/));
    }
  }
});

const HTTP_MARKS = ['headers', 'request', 'requestContext', 'httpMethod', 'rawPath', 'multiValueHeaders'];
for (const mark of HTTP_MARKS) {
  test(`${mark} beside a length is an HTTP request: nothing is drawn for it, alone or in a list`, async () => {
    const { invoke, lines } = scriptedEventFunction((length) => {
      assert.equal(length, 2, 'the HTTP request was drawn for');
      return drawCounting(length);
    });
    const refusal = { error: { error_code: 'KMS.0214', error_msg: 'The request format is invalid.' } };
    for (const value of [{}, null, '', 'POST', []]) {
      const event = { random_data_length: 8, [mark]: value };
      assert.throws(() => readEvent(event), isRefusal(/an HTTP request needs a token/));
      await assert.rejects(async () => invoke(event, {}), { name: 'UnsupportedTriggerError' });
      const drawn = { random_data: 'A5A6' };
      const sixteen = { random_data_length: 16 };
      assert.deepEqual(await invoke([sixteen, event, sixteen], {}), [drawn, refusal, drawn]);
    }
    assert.deepEqual([lines[0]?.status, lines[0]?.reason], [500, 'unsupported-trigger']);
    assert.deepEqual([lines[2]?.status, lines[2]?.reason], [400, 'http-in-event']);
  });

  test(`${mark} beside nothing that is known is an HTTP request, too`, () => {
    assert.throws(() => readEvent({ [mark]: {}, body: TEXT }), isRefusal(/an HTTP request needs a token/));
  });
}

test('an HTTP request in a notification is a thrown KMS.0214', async () => {
  const { invoke } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
  const event = snsEvent(JSON.stringify({ random_data_length: 8, headers: {} }));
  await assert.rejects(async () => invoke(event, {}), { name: 'KMS.0214', message: 'The request format is invalid.' });
});

test('an SQS event source mapping is refused with a pointer to pipes, whatever else it looks like', () => {
  const { Records: queued } = sqsEvent(TEXT);
  const { Records: notified } = snsEvent(TEXT);
  const refusal = /SQS event source mapping.*EventBridge pipe \(deploy\/pipes\.yml\)/;
  for (const Records of [queued, [...queued, ...queued], [...notified, ...queued]]) {
    for (const more of [{}, OTHERS]) assert.throws(() => readEvent({ ...more, Records }), isRefusal(refusal));
  }
});

const UNKNOWN: readonly (readonly [name: string, event: unknown, keys: RegExp])[] = [
  ['no record', { Records: [] }, /top-level keys: Records$/],
  ['records of another service', { Records: [{ eventSource: 'aws:s3', s3: {} }] }, /top-level keys: Records$/],
  ['a Kafka of AWS', { eventSource: 'aws:kafka', records: {} }, /top-level keys: eventSource, records$/],
  ['a RocketMQ', { trigger_type: 'ROCKETMQ', records: [] }, /top-level keys: trigger_type, records$/],
  ['an older CloudEvent', { ...cloudEvent, specversion: '0.3' }, /top-level keys: specversion, id/],
  ['null', null, /neither an object nor a list$/],
  ['nothing', undefined, /neither an object nor a list$/],
  ['a number', 512, /neither an object nor a list$/],
];
for (const [name, event, keys] of UNKNOWN) {
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
