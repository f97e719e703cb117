import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Row, rowsOf, short, shown, testRows } from '../support/contract-rows.ts';
import { GOOD_LENGTHS, MALFORMED_LENGTHS, OUT_OF_RANGE_LENGTHS, UNEVEN_LENGTHS } from '../support/lengths.ts';
import { startService } from '../support/running-service.ts';
import { columns } from '../support/samples.ts';
import { BAD_SEQUENCES, GOOD_SEQUENCES } from '../support/sequences.ts';
import { wireRequest } from '../support/wire-request.ts';

const { doors, iam, lines, tokens: issued } = await startService();
const tokens = [issued.TOKEN];
const ofType = (contentType: string | undefined) => ({ tokens, contentType });
const ofLength = (json: string) => ({ tokens, body: `{"random_data_length":${json}}` });
const ofSequence = (sequence: unknown) => ({ tokens, body: { random_data_length: '8', sequence } });

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

const WITHOUT_LENGTH = ['', '{}', '{"random_data_length":null}', '{"Random_Data_Length":"512"}', '{"length":"512"}'];

testRows(doors, iam.url, [
  ...rowsOf(
    512,
    TAKEN_TYPES.map((type) => [`the content type ${shown(type)} is taken`, ofType(type)]),
  ),
  ...rowsOf(
    '400 KMS.0214',
    REFUSED_TYPES.map((type) => [`the content type ${shown(type)} is refused`, ofType(type)]),
  ),
  ...rowsOf(
    '400 KMS.0202',
    NOT_JSON.map(([name, body]) => [`${name} is not JSON that is taken`, { tokens, body }]),
  ),
  ...SIZES.map(([name, body, answer]) => ({ name: `a body of ${name}`, request: { tokens, body }, answer })),
  ...rowsOf(512, [
    [
      'members that the service does not know are ignored',
      { tokens, body: { random_data_length: '512', more: { of: ['them', '__proto__', null] } } },
    ],
    ['white space around the object', { tokens, body: '\r\n\t {"random_data_length" : "512"} \n' }],
  ]),
  ...GOOD_LENGTHS.flatMap((bits) => [
    { name: `${bits} bits as a string`, request: ofLength(`"${bits}"`), answer: bits },
    { name: `${bits} bits as an integer`, request: ofLength(`${bits}`), answer: bits },
  ]),
  ...rowsOf(
    '400 KMS.0308',
    MALFORMED_LENGTHS.map((json) => [`the length ${short(json)} is no plain integer`, ofLength(json)]),
  ),
  ...rowsOf(
    '400 KMS.1801',
    OUT_OF_RANGE_LENGTHS.map((json) => [`the length ${short(json)} is out of range`, ofLength(json)]),
  ),
  ...rowsOf(
    '400 KMS.1802',
    UNEVEN_LENGTHS.map((json) => [`the length ${short(json)} is no multiple of 8`, ofLength(json)]),
  ),
  ...rowsOf(
    '400 KMS.0204',
    WITHOUT_LENGTH.map((body) => [`the body ${shown(body)} has no length`, { tokens, body }]),
  ),
  ...rowsOf(
    8,
    GOOD_SEQUENCES.map(([name, value]) => [`the sequence may be ${name}`, ofSequence(value)]),
  ),
  ...rowsOf(
    '400 KMS.0206',
    BAD_SEQUENCES.map(([name, value]) => [`the sequence may not be ${name}`, ofSequence(value)]),
  ),
]);

for (const door of doors) {
  test(`${door.name}: the sequence is in the audit line of its request, and only there`, async () => {
    const sequence = `audit-of-${door.name}`.padEnd(36, '.');
    const body = { random_data_length: '8', sequence };
    const { answer, requestId } = await door.send(wireRequest({ tokens, body }));
    const holding = lines.filter((line) => line.includes(sequence)).map((line) => JSON.parse(line));
    assert.deepEqual(columns(holding, 'request_id', 'sequence'), [[requestId, sequence]]);
    assert(!JSON.stringify(answer).includes(sequence));
  });

  test(`${door.name}: two requests get different bytes`, async () => {
    const send = () => door.send(wireRequest({ tokens }));
    const bodies = (await Promise.all([send(), send(), send()])).map(({ answer }) => answer.body);
    assert.equal(new Set(bodies).size, 3);
  });
}

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
