import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Row, shown, testRows } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';
import { wireRequest } from '../support/wire-request.ts';

const { doors, iam } = await startService();
const tokens = [iam.tokens.TOKEN];

const TAKEN_TYPES = [
  'application/json',
  'application/json;charset=UTF-8',
  'application/json; charset=utf8',
  'application/json ;charset=utf-8',
  'application/json;',
  'Application/JSON',
  'application/json; profile="https://example.test/;,"',
];

const REFUSED_TYPES = [
  undefined,
  '',
  'json',
  '*/*',
  'text/plain',
  'text/json',
  'application/jsonp',
  'application/vnd.api+json',
  'application/merge-patch+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/ json',
];

const NOT_JSON: readonly (readonly [name: string, body: string | Uint8Array])[] = [
  ['form fields', 'random_data_length=512'],
  ['half an object', '{"random_data_length":"512"'],
  ['two objects', '{"random_data_length":"512"}{}'],
  ['a comma at the end', '{"random_data_length":"512",}'],
  ['single quotes', "{'random_data_length':'512'}"],
  ['a comment', '{"random_data_length":"512"}// '],
  ['a bare name', '{random_data_length:"512"}'],
  ['a number with a leading zero', '{"random_data_length":0512}'],
  ['NaN', '{"random_data_length":NaN}'],
  ['white space', '  \r\n'],
  ['a byte order mark', '\ufeff{"random_data_length":"512"}'],
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '512'],
  ['a string', '"512"'],
  ['an empty array', '[]'],
  ['an array of requests', '[{"random_data_length":"512"}]'],
  ['a member __proto__', '{"random_data_length":"512","__proto__":{"sequence":null}}'],
  ['the length in a member __proto__', '{"__proto__":{"random_data_length":"512"}}'],
  ['a member __proto__ written with an escape', '{"random_data_length":"512","\\u005f_proto__":1}'],
  ['a member __proto__ within a member', '{"random_data_length":"512","more":[{"__proto__":1}]}'],
  ['a byte that UTF-8 does not know', bytes('{"random_data_length":"512","more":"', 0xff, '"}')],
  ['half a character', bytes('{"random_data_length":"512","more":"', 0xe2, 0x82, '"}')],
  ['an overlong slash', bytes('{"random_data_length":"512","more":"', 0xc0, 0xaf, '"}')],
  ['a surrogate in UTF-8', bytes('{"random_data_length":"512","more":"', 0xed, 0xa0, 0x80, '"}')],
  ['Latin-1', bytes('{"random_data_length":"512","more":"', 0xe9, '"}')],
  ['UTF-16', Buffer.from('{"random_data_length":"512"}', 'utf16le')],
];

const MAX_BODY_BYTES = 16 * 1024;

const SIZES: readonly (readonly [name: string, body: string, answer: Row['answer']])[] = [
  ['16 KiB', padded(MAX_BODY_BYTES), 512],
  ['16 KiB, two bytes a character', padded(MAX_BODY_BYTES, '\u00e9'), 512],
  ['one byte more than 16 KiB', padded(MAX_BODY_BYTES + 1), '400 KMS.0203'],
  ['fewer characters than 16 KiB and more bytes', padded(MAX_BODY_BYTES + 2, '\u00e9'), '400 KMS.0203'],
  ['1 MiB', padded(1024 * 1024), '400 KMS.0203'],
  ['16 KiB that are no JSON', 'x'.repeat(MAX_BODY_BYTES), '400 KMS.0202'],
  ['an over-long body that is no JSON', 'x'.repeat(MAX_BODY_BYTES + 1), '400 KMS.0203'],
];

testRows(doors, iam.url, [
  ...TAKEN_TYPES.map((contentType) => ({
    name: `the content type ${shown(contentType)} is taken`,
    request: { tokens, contentType },
    answer: 512,
  })),
  ...REFUSED_TYPES.map((contentType) => ({
    name: `the content type ${shown(contentType)} is refused`,
    request: { tokens, contentType },
    answer: '400 KMS.0214' as const,
  })),
  ...NOT_JSON.map(([name, body]) => ({
    name: `${name} is not JSON that is taken`,
    request: { tokens, body },
    answer: '400 KMS.0202' as const,
  })),
  ...SIZES.map(([name, body, answer]) => ({ name: `a body of ${name}`, request: { tokens, body }, answer })),
  { name: 'an empty body', request: { tokens, body: '' }, answer: '400 KMS.0204' },
  {
    name: 'members that the service does not know are ignored',
    request: { tokens, body: { random_data_length: '512', more: { of: ['them', '__proto__', null] } } },
    answer: 512,
  },
  {
    name: 'white space around the object',
    request: { tokens, body: '\r\n\t {"random_data_length" : "512"} \n' },
    answer: 512,
  },
]);

test('members that the service does not know do not get into the answer or the log', async () => {
  const body = { random_data_length: '512', more: 'kept-by-nobody' };
  const [server] = doors;
  assert(server !== undefined);
  const { answer } = await server.send(wireRequest({ tokens, body }));
  assert.deepEqual(Object.keys(JSON.parse(answer.body)), ['random_data']);
});

/** A good body of so many bytes of UTF-8. */
function padded(byteCount: number, filler = ' '): string {
  const [before, after] = ['{"random_data_length":"512","more":"', '"}'];
  const free = byteCount - before.length - after.length;
  const count = Math.floor(free / Buffer.byteLength(filler));
  return `${before}${filler.repeat(count)}${' '.repeat(free - count * Buffer.byteLength(filler))}${after}`;
}

function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));
}
