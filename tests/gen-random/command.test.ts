import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';
import { parseGenerateCommand } from '../../lib/gen-random/command.ts';
import { shown } from '../support/contract-rows.ts';
import { GOOD_LENGTHS, MALFORMED_LENGTHS, OUT_OF_RANGE_LENGTHS, UNEVEN_LENGTHS } from '../support/lengths.ts';
import { BAD_SEQUENCES, GOOD_SEQUENCES } from '../support/sequences.ts';

for (const bitLength of GOOD_LENGTHS) {
  test(`${bitLength} bits, as an integer and as a string, are ${bitLength} bits`, () => {
    for (const random_data_length of [bitLength, String(bitLength)]) {
      assert.deepEqual(parseGenerateCommand({ random_data_length }), { bitLength, sequence: undefined });
    }
  });
}

const REFUSED_LENGTHS: readonly (readonly [key: ErrorKey, lengths: readonly string[]])[] = [
  ['length-missing', ['null']],
  ['length-not-integer', MALFORMED_LENGTHS],
  ['length-out-of-range', OUT_OF_RANGE_LENGTHS],
  ['length-not-whole-bytes', UNEVEN_LENGTHS],
];

for (const [key, lengths] of REFUSED_LENGTHS) {
  for (const json of lengths) {
    test(`the length ${shown(json)} is ${key}`, () => {
      assert.equal(keyThrownFor(JSON.parse(`{"random_data_length":${json},"sequence":"bad"}`)), key);
    });
  }
}

for (const [name, sequence] of GOOD_SEQUENCES) {
  test(`the sequence may be ${name}`, () => {
    const { sequence: kept } = parseGenerateCommand({ random_data_length: 8, sequence });
    assert.equal(kept, sequence ?? undefined);
  });
}

for (const [name, sequence] of BAD_SEQUENCES) {
  test(`the sequence may not be ${name}`, () => {
    assert.equal(keyThrownFor({ random_data_length: 8, sequence }), 'sequence-invalid');
  });
}

for (const body of [undefined, null, true, 512, '512', [], [{ random_data_length: 8 }], () => 8]) {
  test(`a body ${shown(body)} is no object`, () => assert.equal(keyThrownFor(body), 'body-not-json'));
}

test('a length that the body only inherits is not there', () => {
  assert.equal(keyThrownFor(Object.create({ random_data_length: 8 })), 'length-missing');
  assert.equal(keyThrownFor(JSON.parse('{"__proto__":{"random_data_length":8}}')), 'length-missing');
});

test('a sequence that the body only inherits is not there', () => {
  const body = Object.assign(Object.create({ sequence: 'bad' }), { random_data_length: 8 });
  assert.deepEqual(parseGenerateCommand(body), { bitLength: 8, sequence: undefined });
});

test('an object without a prototype is an object', () => {
  const body = Object.assign(Object.create(null), { random_data_length: 8 });
  assert.equal(parseGenerateCommand(body).bitLength, 8);
});

test('every integer is judged alike as an integer and as a string', () => {
  const integers = fc.oneof(fc.integer({ min: -20, max: 8300 }), fc.maxSafeInteger());
  fc.assert(
    fc.property(integers, (value) => {
      const isGood = value >= 8 && value <= 8192 && value % 8 === 0;
      const keys = [value, String(value)].map((length) => keyThrownFor({ random_data_length: length }));
      assert.equal(keys[0], keys[1]);
      assert.equal(keys[0] === undefined, isGood);
    }),
    { numRuns: 2000 },
  );
});

test('a string is taken only if it is the one spelling of its number', () => {
  const nearly = fc.stringMatching(/^[ +\-0]{0,2}[0-9]{1,4}[ .0]{0,2}$/);
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string()), (text) => {
      if (keyThrownFor({ random_data_length: text }) === undefined) assert.equal(String(Number(text)), text);
    }),
    { numRuns: 2000 },
  );
});

test('any body is a command in range or one of the six refusals', () => {
  const body = fc.oneof(
    fc.anything(),
    fc.record({ random_data_length: fc.anything(), sequence: fc.anything() }, { requiredKeys: [] }),
    fc.record({ random_data_length: fc.integer({ min: 0, max: 9000 }), sequence: fc.string({ unit: 'binary' }) }),
  );
  fc.assert(
    fc.property(body, (given) => {
      const key = keyThrownFor(given);
      if (key !== undefined) return assert(REFUSALS.has(key), key);
      const { bitLength, sequence } = parseGenerateCommand(given);
      assert(bitLength >= 8 && bitLength <= 8192 && bitLength % 8 === 0);
      assert(sequence === undefined || Buffer.byteLength(sequence) === 36);
    }),
    { numRuns: 2000 },
  );
});

const REFUSALS: ReadonlySet<ErrorKey> = new Set([
  'body-not-json',
  'length-missing',
  'length-not-integer',
  'length-out-of-range',
  'length-not-whole-bytes',
  'sequence-invalid',
]);

/** @throws whatever is no error of the catalogue */
function keyThrownFor(body: unknown): ErrorKey | undefined {
  try {
    parseGenerateCommand(body);
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.key;
    throw error;
  }
}
