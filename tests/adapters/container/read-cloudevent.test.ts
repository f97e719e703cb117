import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCloudEvent } from '../../../lib/adapters/container/read-cloudevent.ts';

const DATA = { random_data_length: 8 };
const EVENT = { specversion: '1.0', id: 'e-1', source: '/tests', type: 't', data: DATA };
const BODY = JSON.stringify(DATA);

type Headers = readonly (readonly [name: string, value: string])[];

const ATTRIBUTES: Headers = [
  ['ce-specversion', '1.0'],
  ['ce-id', 'e-1'],
  ['ce-source', '/tests'],
  ['ce-type', 't'],
];

const read = (headers: Headers, body: string) => readCloudEvent(headers.flat(), Buffer.from(body));
const structured = (event: object, contentType = 'application/cloudevents+json') =>
  read([['Content-Type', contentType]], JSON.stringify(event));
const binary = (more: Headers, body = BODY) => read([...ATTRIBUTES, ...more], body);
const isRefusal = { key: 'format-invalid', reason: 'not-one-cloudevent' };

const STRUCTURED_TYPES = [
  'application/cloudevents+json',
  'application/cloudevents+json; charset=UTF-8',
  'application/cloudevents+json;charset=utf-8',
  'application/cloudevents+json ; charset="utf-8"',
  'APPLICATION/CloudEvents+JSON; CHARSET=UTF-8',
  ' application/cloudevents+json; profile="a;b"; charset=utf-8 ',
];
for (const type of STRUCTURED_TYPES) {
  test(`the content type ${JSON.stringify(type)} is that of one structured event`, () => {
    assert.deepEqual(structured(EVENT, type), { id: 'e-1', event: { specversion: '1.0', data: DATA } });
  });
}

const BINARY_TYPES = ['application/json', 'Application/JSON;charset=utf-8', 'text/plain', 'application/vnd.x+json', ''];
for (const type of BINARY_TYPES) {
  test(`the content type ${JSON.stringify(type)} is that of the data of a binary event`, () => {
    const { id, event } = binary([['content-type', type]]);
    assert.deepEqual([id, event], ['e-1', { specversion: '1.0', data: Buffer.from(BODY) }]);
  });
}

const REFUSED_TYPES = [
  'application/cloudevents-batch+json',
  'application/cloudevents-batch+json; charset=UTF-8',
  'APPLICATION/CLOUDEVENTS-BATCH+JSON',
  'application/cloudevents',
  'application/cloudevents+avro',
  'application/cloudevents+jsonp',
];
for (const type of REFUSED_TYPES) {
  test(`the content type ${type} is refused, whatever the headers and the body are`, () => {
    for (const body of [JSON.stringify(EVENT), JSON.stringify([EVENT]), BODY]) {
      assert.throws(() => read([...ATTRIBUTES, ['Content-Type', type]], body), isRefusal);
    }
  });
}

test('what is there twice is refused', () => {
  const type = ['content-type', 'application/json'] as const;
  assert.throws(() => binary([type, ['Content-Type', 'application/json']]), isRefusal);
  const structuredType = ['content-type', 'application/cloudevents+json'] as const;
  assert.throws(() => read([structuredType, structuredType], JSON.stringify(EVENT)), isRefusal);
  for (const [name, value] of ATTRIBUTES) assert.throws(() => binary([type, [name.toUpperCase(), value]]), isRefusal);
  assert.throws(() => binary([type, ['ce-subject', 'a'], ['ce-subject', 'b']]), isRefusal);
});

const BAD_NAMES = ['data_base64', 'my-extension', 'my_extension', 'größe', '', 'a.b', '__proto__'];
for (const name of BAD_NAMES) {
  test(`an attribute named ${JSON.stringify(name)} is refused`, () => {
    assert.throws(() => binary([[`ce-${Buffer.from(name).toString('latin1')}`, 'x']]), isRefusal);
    if (name === 'data_base64') return;
    const text = JSON.stringify(EVENT).replace('{', `{${JSON.stringify(name)}:"x",`);
    assert.throws(() => read([['content-type', 'application/cloudevents+json']], text), isRefusal);
  });
}

const EXTENSIONS = [
  'validate',
  'constructor',
  'tostring',
  'headers',
  'request',
  'prototype',
  '0',
  'a1',
  'a'.repeat(60),
];
for (const name of EXTENSIONS) {
  test(`an extension named ${name} is taken and goes no further`, () => {
    assert.deepEqual(Object.keys(binary([[`ce-${name}`, 'x']]).event), ['specversion', 'data']);
    assert.deepEqual(Object.keys(structured({ ...EVENT, [name]: 'x' }).event), ['specversion', 'data']);
  });
}

test('no header replaces the body', () => {
  const other = Buffer.from('{"random_data_length":16}').toString('base64');
  assert.deepEqual(binary([['ce-data', '{"random_data_length":16}']]).event.data, Buffer.from(BODY));
  assert.throws(() => binary([['ce-data_base64', other]]), isRefusal);
});

test('the data of a structured event is one of two members; both are left to the function to refuse', () => {
  const { data: _, ...rest } = EVENT;
  assert.deepEqual(structured({ ...rest, data_base64: 'e30=' }).event, { specversion: '1.0', data_base64: 'e30=' });
  assert.deepEqual(structured(rest).event, { specversion: '1.0', data: undefined });
  const both = { specversion: '1.0', data: DATA, data_base64: 'e30=' };
  assert.deepEqual(structured({ ...EVENT, data_base64: 'e30=' }).event, both);
});

const VALUES: readonly (readonly [value: string, id: string])[] = [
  ['plain', 'plain'],
  ['a%20b', 'a b'],
  ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
  ['euro%e2%82%ac', 'euro€'],
  ['%41%25', 'A%'],
  ['%2541', '%41'],
  ['"quoted text"', 'quoted text'],
  [String.raw`"a \"b\" \\ %41"`, String.raw`a "b" \ A`],
  ['"', '"'],
  ['a"b', 'a"b'],
  // Some SDKs send UTF-8 as it is.
  [Buffer.from('größe').toString('latin1'), 'größe'],
];
for (const [value, id] of VALUES) {
  test(`the attribute value ${JSON.stringify(value)} is ${JSON.stringify(id)}`, () => {
    const attributes = ATTRIBUTES.filter(([name]) => name !== 'ce-id');
    assert.equal(read([...attributes, ['CE-ID', value]], BODY).id, id);
  });
}

const BAD_VALUES = ['%', '100%', '%4', '%zz', '%C0%A0', '%FF', '%ED%A0%80', '%E2%82', '\xff', 'a%2'];
for (const value of BAD_VALUES) {
  test(`the attribute value ${JSON.stringify(value)} is refused, of an extension too`, () => {
    for (const name of ['ce-subject', 'ce-myextension']) assert.throws(() => binary([[name, value]]), isRefusal);
    const attributes = ATTRIBUTES.filter(([name]) => name !== 'ce-id');
    assert.throws(() => read([...attributes, ['ce-id', value]], BODY), isRefusal);
  });
}

for (const name of ['id', 'source', 'type', 'specversion']) {
  test(`an event without ${name} is refused`, () => {
    const attributes = ATTRIBUTES.filter(([header]) => header !== `ce-${name}`);
    assert.throws(() => read(attributes, BODY), isRefusal);
    assert.throws(() => read([...attributes, [`ce-${name}`, '']], BODY), isRefusal);
    for (const value of [undefined, null, '', 7, true, [], {}]) {
      assert.throws(() => structured({ ...EVENT, [name]: value }), isRefusal);
    }
  });
}

test('an attribute that is null is not there, and one that is no plain value is refused', () => {
  assert.equal(structured({ ...EVENT, subject: null, count: 7, flag: true }).id, 'e-1');
  for (const value of [[], {}, ['x'], { x: 1 }]) {
    assert.throws(() => structured({ ...EVENT, extension: value }), isRefusal);
  }
});

test('what is JSON and no event is refused', () => {
  for (const event of [null, [], [EVENT], 'text', 7, true]) {
    assert.throws(() => structured(event as object), isRefusal);
  }
});
