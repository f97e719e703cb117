import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseQuery, type QueryPairs, queryOfMap } from '../../lib/http/query.ts';
import { percentDecoded } from '../../lib/wire/percent-encoding.ts';

const QUERIES: readonly { text: string; pairs: QueryPairs }[] = [
  { text: '', pairs: [] },
  { text: '&&', pairs: [] },
  { text: 'a', pairs: [['a', '']] },
  { text: 'a=', pairs: [['a', '']] },
  { text: '=', pairs: [['', '']] },
  { text: '=a', pairs: [['', 'a']] },
  { text: 'a=b=c==', pairs: [['a', 'b=c==']] },
  { text: 'a%3Db=c%26d', pairs: [['a=b', 'c&d']] },
  { text: 'a+b=c+d', pairs: [['a+b', 'c+d']] },
  {
    text: 'a=2&a=1&a',
    pairs: [
      ['a', '2'],
      ['a', '1'],
      ['a', ''],
    ],
  },
  { text: '%=%', pairs: [['%', '%']] },
  {
    text: 'a=100%&b=%zz%41',
    pairs: [
      ['a', '100%'],
      ['b', '%zzA'],
    ],
  },
  { text: '__proto__=1', pairs: [['__proto__', '1']] },
];
for (const { text, pairs } of QUERIES) {
  test(`the query ${JSON.stringify(text)} has ${pairs.length} pairs`, () => assert.deepEqual(parseQuery(text), pairs));
}

const DECODED: readonly (readonly [encoded: string, decoded: string])[] = [
  ['', ''],
  ['a b', 'a b'],
  ['%', '%'],
  ['%%', '%%'],
  ['%4', '%4'],
  ['%zz', '%zz'],
  ['%4%41', '%4A'],
  ['%%41', '%A'],
  ['%2541', '%41'],
  ['%c3%BC%00', 'ü\0'],
  ['%F0%9F%8E%B2', '\u{1f3b2}'],
  ['%EF%BB%BFa', '\ufeffa'],
  // No UTF-8: cut off, overlong, half of a pair, beyond Unicode.
  ['%ff', '%ff'],
  ['%c3', '%c3'],
  ['%c3a%bc', '%c3a%bc'],
  ['%C0%AF', '%C0%AF'],
  ['%ED%A0%80', '%ED%A0%80'],
  ['%F4%90%80%80', '%F4%90%80%80'],
];
for (const [encoded, decoded] of DECODED) {
  test(`${JSON.stringify(encoded)} is ${JSON.stringify(decoded)}, percent-decoded`, () => {
    assert.equal(percentDecoded(encoded), decoded);
  });
}

test('whatever is encoded is decoded, and nothing throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(percentDecoded(encodeURIComponent(text.toWellFormed())), text.toWellFormed());
    }),
  );
  const pieces = fc.array(fc.constantFrom('%', '%4', '%41', '%c3', '%bc', '%ff', '%zz', 'a', '=', '&', 'ü', '\ud800'));
  fc.assert(fc.property(pieces, (some) => void parseQuery(some.join(''))));
});

test('pairs of a map are decoded where the gateway has not, and what is no text is left out', () => {
  const map = { a: '%41', 'b%20': ['1', 2, null, '2'], c: null, d: 3, e: { f: 'g' }, h: undefined, i: [['j']] };
  assert.deepEqual(queryOfMap(map, true), [
    ['a', 'A'],
    ['b ', '1'],
    ['b ', '2'],
  ]);
  assert.deepEqual(queryOfMap({ a: '%41' }, false), [['a', '%41']]);
  for (const none of [undefined, null, '', 'a=b', 1]) assert.deepEqual(queryOfMap(none, true), []);
});
