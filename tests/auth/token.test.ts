import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readToken } from '../../lib/auth/token.ts';

const LONGEST = 32 * 1024;
const PRINTABLE = Array.from({ length: 0x7f - 0x21 }, (_, index) => String.fromCharCode(0x21 + index)).join('');
const ABSENT = { kind: 'absent' };
const MALFORMED = { kind: 'malformed' };

const TABLE: readonly { name: string; values: readonly string[]; reading: object }[] = [
  { name: 'no header', values: [], reading: ABSENT },
  { name: 'a token', values: ['abc'], reading: { kind: 'token', token: 'abc' } },
  { name: 'one character', values: ['a'], reading: { kind: 'token', token: 'a' } },
  { name: 'blanks around a token', values: ['  abc\t '], reading: { kind: 'token', token: 'abc' } },
  { name: 'a blank inside a token', values: ['a b'], reading: { kind: 'token', token: 'a b' } },
  {
    name: 'every printable character but the comma',
    values: [PRINTABLE.replace(',', '')],
    reading: { kind: 'token', token: PRINTABLE.replace(',', '') },
  },
  { name: 'the longest token', values: ['a'.repeat(LONGEST)], reading: { kind: 'token', token: 'a'.repeat(LONGEST) } },
  {
    name: 'the longest token between blanks',
    values: [` ${'a'.repeat(LONGEST)} `],
    reading: { kind: 'token', token: 'a'.repeat(LONGEST) },
  },
  { name: 'one character more', values: ['a'.repeat(LONGEST + 1)], reading: MALFORMED },
  { name: 'an empty value', values: [''], reading: MALFORMED },
  { name: 'blanks alone', values: [' \t'], reading: MALFORMED },
  { name: 'two values', values: ['abc', 'def'], reading: MALFORMED },
  { name: 'one value twice', values: ['abc', 'abc'], reading: MALFORMED },
  { name: 'a value and an empty one', values: ['abc', ''], reading: MALFORMED },
  { name: 'an empty value and another', values: ['', 'abc'], reading: MALFORMED },
  { name: 'two values that were joined', values: ['abc, def'], reading: MALFORMED },
  { name: 'a comma at the end', values: ['abc,'], reading: MALFORMED },
  { name: 'a comma alone', values: [','], reading: MALFORMED },
];
for (const { name, values, reading } of TABLE) {
  test(`${name}: ${JSON.stringify(reading).slice(0, 40)}`, () => assert.deepEqual(readToken(values), reading));
}

for (const [name, space] of [
  ['a no-break space', '\u00a0'],
  ['a byte order mark', '\ufeff'],
  ['an em space', '\u2003'],
  ['a vertical tab', '\v'],
  ['a form feed', '\f'],
  ['a line feed', '\n'],
] as const) {
  test(`${name} around a token is no white space of a header: malformed`, () => {
    for (const value of [`${space}abc`, `abc${space}`, ` ${space}abc`]) assert.deepEqual(readToken([value]), MALFORMED);
  });
}

for (const character of '\0\x01\t\n\r\x1b\x1f\x7f\x80\xa0é…💥\u2028') {
  test(`${JSON.stringify(character)} inside a token is malformed`, () => {
    assert.deepEqual(readToken([`a${character}b`]), MALFORMED);
  });
}
