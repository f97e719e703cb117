import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { ERROR_SENTENCES, PATH, type Refusal, UUID } from '../../support/contract.ts';
import { columns } from '../../support/samples.ts';
import { fetchFromEventDoor, type StartedService, startContainer } from '../../support/started-service.ts';

// Without an IAM_URL: the broker alone reaches this door.
const start = (context: TestContext) => startContainer(context, { SERVER_DOOR: 'cloudevents' });

const REQUEST = { id: 'request-1', source: '/tests', type: 'gen-random.request', data: { random_data_length: '512' } };
const DRAWN = /^\{"random_data":"[0-9A-F]{128}"\}$/;

function send(origin: string, { headers, body }: Message, id?: string): Promise<Response> {
  const lines = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return fetchFromEventDoor(origin, { method: 'POST', headers: lines, body: String(body) }, id);
}

async function replyIn(response: Response): Promise<CloudEvent<unknown>> {
  const event = HTTP.toEvent({ headers: Object.fromEntries(response.headers), body: await response.text() });
  assert(event instanceof CloudEvent);
  event.validate();
  return event;
}

for (const [mode, write] of [
  ['binary', HTTP.binary],
  ['structured', HTTP.structured],
] as const) {
  test(`a ${mode} request event is answered by a reply event with an id of its own`, async (context) => {
    const { origin, audited } = await start(context);
    const ids = new Set<string>();
    for (let count = 0; count < 3; count += 1) {
      const response = await send(origin, write(new CloudEvent(REQUEST)), REQUEST.id);
      assert.equal(response.status, 200);
      const { id, type, source, specversion, inreplyto, data } = await replyIn(response);
      assert.deepEqual([type, source, specversion], ['gen-random.drawn', '/gen-random', '1.0']);
      assert.equal(inreplyto, REQUEST.id);
      assert.match(id, UUID);
      assert.match(JSON.stringify(data), DRAWN);
      ids.add(id);
    }
    assert.equal(ids.size, 3);
    assert.deepEqual(
      columns(audited(), 'request_id', 'trigger', 'status'),
      Array(3).fill([REQUEST.id, 'cloudevents', 200]),
    );
  });
}

test('an id that no header can carry comes back as it was', async (context) => {
  const { origin } = await start(context);
  for (const id of ['größe\r\nX-Evil: 1', '🎲', 'one two']) {
    const response = await send(origin, HTTP.structured(new CloudEvent({ ...REQUEST, id })));
    assert.equal((await replyIn(response)).inreplyto, id);
    assert.equal(response.headers.get('x-evil'), null);
  }
  const longest = 'a'.repeat(1_024);
  const response = await send(origin, HTTP.structured(new CloudEvent({ ...REQUEST, id: longest })), longest);
  assert.equal((await replyIn(response)).inreplyto, longest);
});

const STRUCTURED = 'application/cloudevents+json';
const whole = { ...REQUEST, specversion: '1.0' };

test('data as text and data in base64 are read', async (context) => {
  const { origin } = await start(context);
  const { data, ...rest } = whole;
  const text = JSON.stringify(data);
  for (const more of [{ data: text }, { data_base64: Buffer.from(text).toString('base64') }]) {
    const body = JSON.stringify({ ...rest, ...more });
    const response = await send(origin, { headers: { 'content-type': STRUCTURED }, body }, REQUEST.id);
    assert.match(JSON.stringify((await replyIn(response)).data), DRAWN);
  }
});

async function assertRefused(response: Response, refusal: Refusal, { audited }: StartedService): Promise<void> {
  const [status, code] = refusal.split(' ');
  assert.equal(response.status, Number(status));
  assert.deepEqual(await response.json(), { error: { error_code: code, error_msg: ERROR_SENTENCES[refusal] } });
  assert.equal(response.headers.get('content-type'), 'application/json;charset=utf-8');
  assert.deepEqual(columns(audited(), 'status', 'code', 'request_id'), [
    [Number(status), code, response.headers.get('x-request-id')],
  ]);
}

const BAD_DATA: readonly (readonly [name: string, data: unknown, refusal: Refusal])[] = [
  ['of 12 bits', { random_data_length: 12 }, '400 KMS.1802'],
  ['of no length', {}, '400 KMS.0204'],
  ['of nothing', undefined, '400 KMS.0204'],
  ['of text that is not JSON', '512 bits', '400 KMS.0202'],
  ['of text of more than 16 KiB', 'x'.repeat(16 * 1024 + 1), '400 KMS.0203'],
  ['of a list', [{ random_data_length: 8 }], '400 KMS.0202'],
];
for (const [name, data, refusal] of BAD_DATA) {
  test(`a request event ${name} is ${refusal} with one audit line`, async (context) => {
    const container = await start(context);
    const message = HTTP.structured(new CloudEvent({ ...REQUEST, data }));
    await assertRefused(await send(container.origin, message, REQUEST.id), refusal, container);
  });
}

const json = (value: unknown, type = STRUCTURED) => ({
  headers: { 'content-type': type },
  body: JSON.stringify(value),
});
const NO_EVENTS: readonly (readonly [name: string, message: Message])[] = [
  ['a plain request', json(REQUEST.data, 'application/json')],
  ['a batch', json([whole, whole], 'application/cloudevents-batch+json')],
  ['a batch of one', json([whole], 'application/cloudevents-batch+json')],
  ['a list that says it is one event', json([whole])],
  ['null', json(null)],
  ['text', json('text')],
  ['no source', json({ ...whole, source: undefined })],
  ['no type', json({ ...whole, type: undefined })],
  ['an id that is a number', json({ ...whole, id: 7 })],
  ['an id of 1025 characters', json({ ...whole, id: 'a'.repeat(1_025) })],
  ['another version', json({ ...whole, specversion: '0.3' })],
  ['an unknown format', { headers: { 'content-type': 'application/cloudevents+avro' }, body: 'x' }],
  ['an id alone in its headers', { headers: { 'content-type': 'application/json', 'ce-id': '1' }, body: '{}' }],
];
for (const [name, message] of NO_EVENTS) {
  test(`${name} is 400 KMS.0214 with one audit line`, async (context) => {
    const container = await start(context);
    await assertRefused(await send(container.origin, message), '400 KMS.0214', container);
  });
}

/** The attributes of a binary event. */
const BINARY = {
  'ce-specversion': '1.0',
  'ce-id': 'request-1',
  'ce-source': '/tests',
  'ce-type': 'gen-random.request',
};

const NO_JSON: readonly (readonly [name: string, message: { headers: Record<string, string>; body: string }])[] = [
  ['an event that is broken JSON', { headers: { 'content-type': STRUCTURED }, body: '{' }],
  ['an event of nothing', { headers: { 'content-type': STRUCTURED }, body: '' }],
  ['data that is broken JSON', { headers: { ...BINARY, 'content-type': 'application/json' }, body: '{"random' }],
  [
    'data that is broken JSON and says text',
    { headers: { ...BINARY, 'content-type': 'text/plain' }, body: '{"random' },
  ],
  ['data that is broken JSON and says nothing', { headers: BINARY, body: '{"random' }],
  ['data that is no base64', json({ ...whole, data: undefined, data_base64: '{"random_data_length":8}' })],
];
for (const [name, { headers, body }] of NO_JSON) {
  test(`${name} is 400 KMS.0202 with one audit line`, async (context) => {
    const container = await start(context);
    const response = await fetch(container.origin, { method: 'POST', headers, body });
    await assertRefused(response, '400 KMS.0202', container);
  });
}

const FORGED = Buffer.concat([
  Buffer.from('{"random_data_length":8,"sequence":"'),
  Buffer.alloc(36, 0xff),
  Buffer.from('"}'),
]);
const NO_UTF8: readonly (readonly [name: string, headers: Record<string, string>, body: Uint8Array])[] = [
  ['binary data', { ...BINARY, 'content-type': 'application/json' }, FORGED],
  [
    'a structured event',
    { 'content-type': STRUCTURED },
    Buffer.concat([Buffer.from(JSON.stringify({ ...whole, data: 0 }).slice(0, -2)), FORGED, Buffer.from('}')]),
  ],
  [
    'data in base64',
    { 'content-type': STRUCTURED },
    Buffer.from(JSON.stringify({ ...whole, data: undefined, data_base64: FORGED.toString('base64') })),
  ],
];
for (const [name, headers, body] of NO_UTF8) {
  test(`${name} that is no UTF-8 is 400 KMS.0202, and nothing of it is in the line`, async (context) => {
    const container = await start(context);
    const response = await fetch(container.origin, { method: 'POST', headers, body });
    await assertRefused(response, '400 KMS.0202', container);
    assert.deepEqual(columns(container.audited(), 'reason', 'sequence'), [['body-not-utf8', undefined]]);
  });
}

test('a reply event says that its data is JSON, so that it is JSON in binary mode too', async (context) => {
  const { origin } = await start(context);
  const event = await replyIn(await send(origin, HTTP.binary(new CloudEvent(REQUEST)), REQUEST.id));
  assert.equal(event.datacontenttype, 'application/json');
  assert.equal(HTTP.binary(event).headers['content-type'], 'application/json');
});

test('a body of more than 6 MiB is 400 KMS.0203', async (context) => {
  const container = await start(context);
  const message = { headers: { 'content-type': STRUCTURED }, body: 'x'.repeat(6 * 1024 * 1024 + 1) };
  await assertRefused(await send(container.origin, message), '400 KMS.0203', container);
});

for (const method of ['GET', 'PUT', 'OPTIONS', 'DELETE']) {
  test(`${method} is 405 and says that POST is allowed`, async (context) => {
    const container = await start(context);
    const response = await fetchFromEventDoor(container.origin, { method });
    assert.equal(response.headers.get('allow'), 'POST');
    await assertRefused(response, '405 KMS.0215', container);
  });
}

test('gen-random is not served: its path is a place for events like any other', async (context) => {
  const container = await start(context);
  const headers = { 'content-type': 'application/json', 'x-auth-token': 'whatever' };
  const response = await send(container.origin + PATH, { headers, body: '{"random_data_length":"8"}' });
  await assertRefused(response, '400 KMS.0214', container);
});
