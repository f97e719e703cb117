import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createHealthTest } from '../../lib/entropy/health-test.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import { verdictOf } from './byte-streams.ts';

suite('broken sources', () => {
  /** A bit is 1 in `percent` of 100. */
  function biased(percent: number, length: number): Uint8Array {
    const draws = createSeededSource(`biased ${percent}`);
    const bit = (): number => (((draws.read(1)[0] ?? 0) * 100) / 256 < percent ? 1 : 0);
    return Uint8Array.from({ length }, () => Array.from({ length: 8 }, bit).reduce((byte, next) => byte * 2 + next, 0));
  }

  const CAUGHT: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['zeros', new Uint8Array(64)],
    ['bytes 255', new Uint8Array(64).fill(255)],
    ['one byte for ever', new Uint8Array(64).fill(0x5a)],
    ['two bytes in turn', Uint8Array.from({ length: 512 }, (_, index) => index % 2)],
    ['a period of 16', Uint8Array.from({ length: 512 }, (_, index) => (index % 16) * 11)],
    [
      'letters of hexadecimal',
      createSeededSource('hex')
        .read(4096)
        .map((byte) => '0123456789ABCDEF'.charCodeAt(byte % 16)),
    ],
    ['bits of which 80 in 100 are ones', biased(80, 4096)],
  ];
  for (const [name, bytes] of CAUGHT) {
    test(`${name}: caught`, () => {
      for (const size of [1, 64, 1024]) assert.equal(verdictOf(bytes, size), 'failed', `by ${size}`);
    });
  }

  // What these tests cannot do is written down as a test too: nobody shall take them for a proof of entropy.
  const NOT_CAUGHT: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['a counter', Uint8Array.from({ length: 65_536 }, (_, index) => index % 256)],
    ['bits of which 51 in 100 are ones', biased(51, 65_536)],
    ['a hash of a counter, which anybody can compute', createSeededSource('known').read(65_536)],
  ];
  for (const [name, bytes] of NOT_CAUGHT) {
    test(`${name}: not caught, for a health test does not prove entropy`, () => {
      assert.notEqual(verdictOf(bytes, 1000), 'failed');
    });
  }
});

// 4 MiB hold 2^22 places for a run and 2^13 windows. Closing by chance: 2^22 × 2^-64 + 2^13 × 2^-62.3 < 10^-12. A warning: 2^22 ×
// 2^-32 + 2^13 × 2^-31.3 < 0.001, so that four of them come once in 10^13 runs.
for (const source of [nodeCryptoSource, createOsSource()]) {
  test(`4 MiB of ${source.name} raise no alarm`, () => {
    const health = createHealthTest();
    const verdicts = Array.from({ length: 4096 }, () => health.check(source.read(1024)));
    assert.equal(verdicts.filter((verdict) => verdict === 'failed').length, 0);
    assert.ok(verdicts.filter((verdict) => verdict === 'warned').length < 4);
  });
}
