import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { UnknownEventError } from '../../../lib/adapters/http-event/read-http-event.ts';
import { PATH } from '../../support/contract.ts';
import { EVENT_SHAPES, eventShape } from '../../support/event-shapes.ts';
import { columns, type Fields, fieldsOf } from '../../support/samples.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../../support/scripted-app.ts';
import { wireRequest } from '../../support/wire-request.ts';

const request = wireRequest({ tokens: [SCRIPTED_TOKEN] });

const NO_HTTP_EVENTS: readonly (readonly [name: string, event: unknown, keys: readonly string[]])[] = [
  ['nothing', undefined, []],
  ['null', null, []],
  ['a number', 7, []],
  ['text that is no JSON', 'hello', []],
  ['an empty object', {}, []],
  ['an array', [{ httpMethod: 'POST' }], ['0']],
  ['a direct invocation', { random_data_length: '512' }, ['random_data_length']],
  ['an SNS notification', { Records: [{ EventSource: 'aws:sns', Sns: { Message: '{}' } }] }, ['Records']],
  [
    'a FunctionGraph timer',
    { version: 'v1.0', trigger_type: 'TIMER', user_event: '' },
    ['version', 'trigger_type', 'user_event'],
  ],
  [
    'a WebSocket message',
    { requestContext: { routeKey: '$default', eventType: 'MESSAGE' }, body: '{}' },
    ['requestContext', 'body'],
  ],
  ['an event without its context', { httpMethod: 'POST', path: PATH, headers: {} }, ['httpMethod', 'path', 'headers']],
  [
    'a method that is no text',
    { httpMethod: 1, path: PATH, headers: {}, requestContext: {} },
    ['httpMethod', 'path', 'headers', 'requestContext'],
  ],
];

for (const [name, event, keys] of NO_HTTP_EVENTS) {
  for (const [form, given] of [
    ['as it is', event],
    ['as text', JSON.stringify(event)],
  ]) {
    test(`${name}, ${form}, is refused without a reply; the log names its keys`, async () => {
      const { app, lines } = createScriptedApp();
      const invocation = createHttpFunction(app)(given, { requestId: 'the-invocation' });
      await assert.rejects(invocation, (error) => {
        assert(error instanceof UnknownEventError);
        assert.equal(error.eventKeys, keys.join(', '));
        return true;
      });
      assert.deepEqual(columns(lines.slice(0, 1), 'request_id', 'level', 'status', 'detail'), [
        ['the-invocation', 'error', 500, keys.join(', ')],
      ]);
    });
  }
}

test('of an unknown event at most 20 keys are named, and no value', async () => {
  const entries = Array.from({ length: 50 }, (_, index) => [`key-${index}`, `value-${index}`]);
  const { app, raw } = createScriptedApp();
  await assert.rejects(createHttpFunction(app)(Object.fromEntries(entries), {}), (error) => {
    assert(error instanceof UnknownEventError);
    assert.equal(error.eventKeys.split(', ').length, 20);
    assert(!error.message.includes('value-'));
    return true;
  });
  assert(!raw.join('').includes('value-'));
});

async function statusOf(event: unknown): Promise<number> {
  return (await createHttpFunction(createScriptedApp().app)(event, {})).statusCode;
}

for (const shape of EVENT_SHAPES) {
  const event = shape.eventOf(request);

  test(`${shape.name}: the event may come as text or as bytes, its body as base64 or as text`, async () => {
    const body = '{"random_data_length":"512"}';
    const text = JSON.stringify(event);
    for (const given of [
      text,
      Buffer.from(text),
      { ...event, body: Buffer.from(body).toString('base64'), isBase64Encoded: true },
      { ...event, body, isBase64Encoded: false },
    ]) {
      assert.equal(await statusOf(given), 200, JSON.stringify(given));
    }
  });

  test(`${shape.name}: two arrays, names that differ in case and a comma are two tokens`, async () => {
    const name = shape.name === 'alb-multi' ? 'multiValueHeaders' : 'headers';
    const { multiValueHeaders: _, ...single } = event;
    const carrier = shape.name === 'alb-multi' ? event : single;
    const headers = withoutToken(fieldsOf(event[name]));
    for (const twice of [
      { 'x-auth-token': [SCRIPTED_TOKEN, SCRIPTED_TOKEN] },
      { 'x-auth-token': [SCRIPTED_TOKEN], 'X-Auth-Token': [SCRIPTED_TOKEN] },
      { 'x-auth-token': SCRIPTED_TOKEN, 'X-AUTH-TOKEN': SCRIPTED_TOKEN },
      { 'x-auth-token': `${SCRIPTED_TOKEN}, ${SCRIPTED_TOKEN}` },
      { 'x-auth-token': [`${SCRIPTED_TOKEN},${SCRIPTED_TOKEN}`] },
    ]) {
      assert.equal(await statusOf({ ...carrier, [name]: { ...headers, ...twice } }), 401, JSON.stringify(twice));
    }
  });
}

test('apigw-rest: header maps that disagree are two tokens', async () => {
  const event = eventShape('apigw-rest').eventOf(request);
  const headers = { ...fieldsOf(event.headers), 'X-Auth-Token': 'another' };
  assert.equal(await statusOf({ ...event, headers }), 401);
});

test('functiongraph-apig: every header may come as an array of one', async () => {
  const event = eventShape('functiongraph-apig').eventOf(request);
  const headers = Object.entries(fieldsOf(event.headers)).map(([name, value]) => [name, [value]]);
  assert.equal(await statusOf({ ...event, headers: Object.fromEntries(headers) }), 200);
});

test('the stage of an HTTP API does not belong to the path, and only that one', async () => {
  const event = eventShape('apigw-http').eventOf(request);
  const context = fieldsOf(event.requestContext);
  const statusAt = (stage: string, rawPath: string) =>
    statusOf({ ...event, rawPath, requestContext: { ...context, stage } });
  assert.equal(await statusAt('dev', `/dev${PATH}`), 200);
  assert.equal(await statusAt('dev', PATH), 200);
  assert.equal(await statusAt('$default', PATH), 200);
  assert.equal(await statusAt('dev', `/prod${PATH}`), 404);
  assert.equal(await statusAt('dev', `/dev/dev${PATH}`), 404);
  assert.equal(await statusAt('$default', `/$default/x${PATH}`), 404);
});

function withoutToken(headers: Fields): Fields {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'x-auth-token'));
}
