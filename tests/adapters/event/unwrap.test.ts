import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unwrap } from '../../../lib/adapters/event/unwrap.ts';
import { ServiceError } from '../../../lib/errors.ts';
import { isHttpSample, readSample, sampleNames } from '../../support/samples.ts';
import { eventBridgeEvent, httpApiEvent, sqsRecord } from './aws-events.ts';

const REQUEST = { random_data_length: '8' };
const TEXT = JSON.stringify(REQUEST);

const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
const notification = (message: unknown) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:eu-central-1:123456789012:requests',
  Message: message,
});
const kinesisRecord = (data: unknown) => ({ eventSource: 'aws:kinesis', partitionKey: '1', data });
const kafkaRecord = (value: unknown, eventSource = 'aws:kafka') => ({
  eventSource,
  topic: 'requests',
  partition: 0,
  value,
  headers: [{ traceparent: [48, 48] }],
});
const mqRecord = (data: unknown, eventSource = 'aws:rmq') => ({
  eventSource,
  basicProperties: { headers: { header1: { bytes: [118] } } },
  data,
});
const cloudEvent = (data: object) => ({ specversion: '1.0', id: '1', source: '/a', type: 't', ...data });

const WRAPPERS: Readonly<Record<string, (content: string) => unknown>> = {
  'an SQS record': sqsRecord,
  'an SNS notification': notification,
  'an SNS notification as text': (content) => JSON.stringify(notification(content)),
  'an event of a bus': (content) => eventBridgeEvent(JSON.parse(content)),
  'an event of a bus with text in it': eventBridgeEvent,
  'a Kinesis record': (content) => kinesisRecord(base64(content)),
  'a record of Amazon MSK': (content) => kafkaRecord(base64(content)),
  'a record of another Kafka': (content) => kafkaRecord(base64(content), 'SelfManagedKafka'),
  'a RabbitMQ message': (content) => mqRecord(base64(content)),
  'an ActiveMQ message': (content) => mqRecord(base64(content), 'aws:amq'),
  'an ActiveMQ message by its other name': (content) => mqRecord(base64(content), 'aws:mq'),
  'a CloudEvent': (content) => cloudEvent({ data: JSON.parse(content) }),
  'a CloudEvent with text in it': (content) => cloudEvent({ data: content }),
  'a CloudEvent with base64 in it': (content) => cloudEvent({ data_base64: base64(content) }),
};

for (const [name, wrap] of Object.entries(WRAPPERS)) {
  test(`the request in ${name} is found`, () => assert.deepEqual(unwrap(wrap(TEXT)), REQUEST));

  for (const [inner, wrapInner] of Object.entries(WRAPPERS)) {
    test(`the request in ${inner} in ${name} is found`, () => {
      const wrapped = wrapInner(TEXT);
      assert.deepEqual(unwrap(wrap(typeof wrapped === 'string' ? wrapped : JSON.stringify(wrapped))), REQUEST);
    });
  }

  test(`an HTTP request in ${name} is refused`, () => {
    for (const mark of HTTP_MARKS) assert.equal(keyOf(wrap(JSON.stringify({ ...REQUEST, [mark]: null }))), HTTP, mark);
    assert.equal(keyOf(wrap(JSON.stringify(httpApiEvent(TEXT)))), HTTP);
  });
}

const HTTP_MARKS = [
  'headers',
  'request',
  'requestContext',
  'httpMethod',
  'rawPath',
  'rawQueryString',
  'multiValueHeaders',
  'queryStringParameters',
  'multiValueQueryStringParameters',
  'pathParameters',
  'isBase64Encoded',
  'raw_path',
  'is_base64_encoded',
  'body-json',
];
const HTTP = 'format-invalid http-in-event';

/** Key and reason of what is thrown. */
function keyOf(carried: unknown): string {
  try {
    return `drawn: ${JSON.stringify(unwrap(carried))}`;
  } catch (error) {
    assert(error instanceof ServiceError);
    return error.key === error.reason ? error.key : `${error.key} ${error.reason}`;
  }
}

test('whatever an HTTP trigger sends is refused, alone or with a length beside it', () => {
  for (const name of sampleNames('.success.json').filter(isHttpSample)) {
    const event = readSample(`${name}.success.json`);
    for (const more of [{}, REQUEST, sqsRecord(TEXT), eventBridgeEvent(REQUEST), cloudEvent({ data: REQUEST })]) {
      assert.equal(keyOf({ ...event, ...more }), HTTP, name);
    }
  }
});

test('of an envelope the content is judged, not what stands beside it', () => {
  assert.deepEqual(unwrap({ ...kafkaRecord(base64(TEXT)), request: 'x' }), REQUEST);
  assert.deepEqual(unwrap(cloudEvent({ data: REQUEST, headers: 'x', request: 'y' })), REQUEST);
});

const REFUSED: readonly (readonly [name: string, carried: unknown, key: string])[] = [
  [
    'a DynamoDB record',
    { eventSource: 'aws:dynamodb', dynamodb: { NewImage: {} } },
    'format-invalid unsupported-envelope',
  ],
  ['an S3 record', { eventSource: 'aws:s3', s3: {} }, 'format-invalid unsupported-envelope'],
  ['a record of nobody', { eventSource: '', body: TEXT }, 'format-invalid unsupported-envelope'],
  [
    'an S3 notification in a message',
    sqsRecord('{"Records":[{"eventSource":"aws:s3"}]}'),
    'drawn: {"Records":[{"eventSource":"aws:s3"}]}',
  ],
  ['a notification without a message', { Type: 'Notification' }, 'length-missing'],
  ['an empty message', sqsRecord(''), 'length-missing'],
  ['a record of no bytes', kinesisRecord(''), 'length-missing'],
  ['a deleted key', kafkaRecord(null), 'length-missing'],
  ['a record without its value', kafkaRecord(undefined), 'length-missing'],
  ['bytes that are no UTF-8', kinesisRecord(base64(Buffer.of(0x7b, 0xff, 0x7d))), 'body-not-json body-not-utf8'],
  ['an overlong encoding', kafkaRecord(base64(Buffer.of(0xc0, 0xa0))), 'body-not-json body-not-utf8'],
  ['bytes that are no JSON', mqRecord(base64('eight bits')), 'body-not-json'],
  ['text where base64 should be', kinesisRecord(TEXT), 'body-not-json body-not-base64'],
  ['base64 of the URL alphabet', kinesisRecord('e30-_w=='), 'body-not-json body-not-base64'],
  [
    'data and data_base64',
    cloudEvent({ data: REQUEST, data_base64: base64(TEXT) }),
    'format-invalid not-one-cloudevent',
  ],
  ['long text that is no envelope', sqsRecord(TEXT.padEnd(16 * 1024 + 1)), 'body-too-long'],
  ['long bytes that are no envelope', kinesisRecord(base64(TEXT.padEnd(16 * 1024 + 1))), 'body-too-long'],
];
for (const [name, carried, key] of REFUSED) {
  test(`${name}: ${key}`, () => assert.equal(keyOf(carried), key));
}

test('a pipe may have decoded base64 already', () => {
  assert.deepEqual(unwrap(kinesisRecord(REQUEST)), REQUEST);
  assert.deepEqual(unwrap(kafkaRecord(REQUEST)), REQUEST);
});

test('an envelope may be longer than a request', () => {
  const bus = { ...eventBridgeEvent(REQUEST), resources: ['x'.repeat(20_000)] };
  assert.deepEqual(unwrap(sqsRecord(JSON.stringify(bus))), REQUEST);
});

test('eight envelopes around a request are taken off, and nine are refused', () => {
  const wrapped = (count: number): unknown => (count === 0 ? REQUEST : eventBridgeEvent(wrapped(count - 1)));
  assert.deepEqual(unwrap(wrapped(8)), REQUEST);
  assert.equal(keyOf(wrapped(9)), 'format-invalid unsupported-envelope');
  assert.equal(keyOf(wrapped(5_000)), 'format-invalid unsupported-envelope');
});

test('what names a length is the request, whatever else it looks like', () => {
  assert.deepEqual(unwrap({ ...REQUEST, ...eventBridgeEvent({}) }), { ...REQUEST, ...eventBridgeEvent({}) });
});
