import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failed, judge } from './battery.ts';
import { countBytes } from './byte-counts.ts';
import { reproducible } from './controls.ts';
import { countDuplicateBlocks } from './duplicate-blocks.ts';

/** The same by looking at every bit. */
function countSlowly(bytes: Uint8Array) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const runs = bits.match(/0+|1+/g) ?? [];
  return {
    bits: bits.length,
    ones: bits.replaceAll('0', '').length,
    changes: runs.length - 1,
    longestRun: Math.max(...runs.map((run) => run.length)),
  };
}

suite('one pass over bytes', () => {
  const samples: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['random ones', reproducible('counts', 5000)],
    ['zeros', new Uint8Array(100)],
    ['ones', new Uint8Array(100).fill(255)],
    ['zeros and ones in turn', Uint8Array.from({ length: 100 }, (_, index) => (index % 2) * 255)],
    ['a run across three bytes', Uint8Array.of(0x55, 0x0f, 0xff, 0xf0, 0x55)],
    ['a run that ends in a byte', Uint8Array.of(0x55, 0x00, 0x00, 0x01)],
    ['runs within bytes', Uint8Array.of(0x7e, 0x81, 0x18)],
    ['one byte', Uint8Array.of(0x10)],
  ];
  for (const [name, bytes] of samples) {
    test(`counts ${name} as one does by looking at every bit`, () => {
      const { histogram, ...counts } = countBytes(bytes);
      assert.deepEqual(counts, countSlowly(bytes));
      assert.deepEqual(
        histogram,
        Array.from({ length: 256 }, (_, value) => bytes.filter((byte) => byte === value).length),
      );
    });
  }
});

suite('blocks', () => {
  const bytes = reproducible('blocks', 65_536);
  const withCopy = (from: number, to: number, length: number) => bytes.slice().copyWithin(to, from, from + length);

  test('of random bytes stand there once', () => assert.equal(countDuplicateBlocks(bytes), 0));
  test('that stand there again are counted', () => {
    assert.equal(countDuplicateBlocks(withCopy(0, 1024, 16)), 1);
    assert.equal(countDuplicateBlocks(withCopy(64, 32_768, 160)), 10);
  });
  test('with one half alike are no duplicates', () => {
    assert.equal(countDuplicateBlocks(withCopy(0, 1024, 8)), 0);
    assert.equal(countDuplicateBlocks(withCopy(8, 1032, 8)), 0);
  });
  test('one duplicate fails a stream', () =>
    assert.deepEqual(failed(judge(withCopy(0, 1024, 16))), ['duplicate blocks']));
});

test('too few bytes are not judged', () => assert.throws(() => judge(new Uint8Array(65_535)), RangeError));
