import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { failed, judge } from './battery.ts';
import { reproducible } from './controls.ts';
import { countDuplicateBlocks } from './duplicate-blocks.ts';
import { countOctets } from './octet-counts.ts';

/** The same by looking at every bit. */
function countSlowly(octets: Uint8Array) {
  const bits = Array.from(octets, (octet) => octet.toString(2).padStart(8, '0')).join('');
  const runs = bits.match(/0+|1+/g) ?? [];
  return {
    bits: bits.length,
    ones: bits.replaceAll('0', '').length,
    changes: runs.length - 1,
    longestRun: Math.max(...runs.map((run) => run.length)),
  };
}

suite('one pass over octets', () => {
  const samples: readonly (readonly [name: string, octets: Uint8Array])[] = [
    ['random ones', reproducible('counts', 5000)],
    ['zeros', new Uint8Array(100)],
    ['ones', new Uint8Array(100).fill(255)],
    ['zeros and ones in turn', Uint8Array.from({ length: 100 }, (_, index) => (index % 2) * 255)],
    ['a run across three octets', Uint8Array.of(0x55, 0x0f, 0xff, 0xf0, 0x55)],
    ['a run that ends in an octet', Uint8Array.of(0x55, 0x00, 0x00, 0x01)],
    ['runs within octets', Uint8Array.of(0x7e, 0x81, 0x18)],
    ['one octet', Uint8Array.of(0x10)],
  ];
  for (const [name, octets] of samples) {
    test(`counts ${name} as one does by looking at every bit`, () => {
      const { histogram, ...counts } = countOctets(octets);
      assert.deepEqual(counts, countSlowly(octets));
      assert.deepEqual(
        histogram,
        Array.from({ length: 256 }, (_, value) => octets.filter((octet) => octet === value).length),
      );
    });
  }
});

suite('blocks', () => {
  const octets = reproducible('blocks', 65_536);
  const withCopy = (from: number, to: number, length: number) => octets.slice().copyWithin(to, from, from + length);

  test('of random octets stand there once', () => assert.equal(countDuplicateBlocks(octets), 0));
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

test('too few octets are not judged', () => assert.throws(() => judge(new Uint8Array(65_535)), RangeError));
