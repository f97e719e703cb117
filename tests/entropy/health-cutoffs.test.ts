import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  BLOCK_BYTES,
  createHealthTest,
  type HealthVerdict,
  PROPORTION_CLOSE,
  PROPORTION_WARN,
  PROPORTION_WINDOW,
  REPETITION_CLOSE,
  REPETITION_WARN,
} from '../../lib/entropy/health-test.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';

// The cutoffs of SP 800-90B are computed here anew, in whole numbers, so that no rounding and no copied figure is
// between the formula and the constant. A false-alarm rate is 2^-exponent.

/** A sample has this many bits of entropy; its likeliest value then has the probability 2^-bits. */
interface Samples {
  readonly bits: number;
  readonly window: number;
}

const BYTES: Samples = { bits: 8, window: PROPORTION_WINDOW };

/** §4.4.1: C = 1 + ⌈−log2 α / H⌉: the shortest run of which the chance, after its first sample, is α at most. */
function repetitionCutoff({ bits }: Samples, exponent: number): number {
  let cutoff = 1;
  while ((cutoff - 1) * bits < exponent) cutoff += 1;
  return cutoff;
}

/** Whether P(Binomial(trials, 2^-bits) ≥ hits) ≤ 2^-exponent, exactly. */
function isRarer({ trials, bits, hits }: { trials: number; bits: number; hits: number }, exponent: number): boolean {
  const miss = (1n << BigInt(bits)) - 1n;
  let ways = 1n;
  let tail = 0n;
  for (let count = 0; count <= trials; count += 1) {
    if (count >= hits) tail += ways * miss ** BigInt(trials - count);
    ways = (ways * BigInt(trials - count)) / BigInt(count + 1);
  }
  return tail << BigInt(exponent) <= 1n << BigInt(bits * trials);
}

/** §4.4.2 as printed: C = 1 + critbinom(W, 2^-H, 1 − α). */
function printedCutoff({ bits, window }: Samples, exponent: number): number {
  let critical = 0;
  while (!isRarer({ trials: window, bits, hits: critical + 1 }, exponent)) critical += 1;
  return critical + 1;
}

/** The first sample of a window is always counted: the smallest C with P(1 + Binomial(W − 1, 2^-H) ≥ C) ≤ α. */
function proportionCutoff({ bits, window }: Samples, exponent: number): number {
  let cutoff = 1;
  while (!isRarer({ trials: window - 1, bits, hits: cutoff - 1 }, exponent)) cutoff += 1;
  return cutoff;
}

// SP 800-90B, table 2: cutoffs for α = 2^-20.
const PUBLISHED = [
  { bits: 1, window: 1024, cutoff: 589 },
  { bits: 2, window: 512, cutoff: 177 },
  { bits: 4, window: 512, cutoff: 62 },
  { bits: 8, window: 512, cutoff: 13 },
];
for (const { cutoff, ...samples } of PUBLISHED) {
  test(`this computation gives the published cutoff ${cutoff} for ${samples.bits} bits a sample`, () => {
    assert.equal(printedCutoff(samples, 20), cutoff);
  });
}

const LEVELS = [
  { level: 'warn', exponent: 30, repetition: REPETITION_WARN, proportion: PROPORTION_WARN },
  { level: 'close', exponent: 60, repetition: REPETITION_CLOSE, proportion: PROPORTION_CLOSE },
];
for (const { level, exponent, repetition, proportion } of LEVELS) {
  test(`the cutoffs to ${level} are those of a false-alarm rate of 2^-${exponent}`, () => {
    assert.equal(repetition, repetitionCutoff(BYTES, exponent));
    assert.equal(proportion, proportionCutoff(BYTES, exponent));
  });

  test(`the printed formula is one less at 2^-${exponent} and misses the rate it was made for`, () => {
    assert.equal(printedCutoff(BYTES, exponent), proportion - 1);
    const hits = proportion - 2;
    assert.equal(isRarer({ trials: PROPORTION_WINDOW - 1, bits: 8, hits }, exponent), false);
  });
}

// The tests as SP 800-90B §4.4 prints them, byte by byte, beside the ones in use, which skip what cannot matter.

function createWalk(): (bytes: Uint8Array) => HealthVerdict {
  let [runSample, run] = [-1, 0];
  let [windowSample, count, seen] = [-1, 0, 0];
  let lastBlock: string | undefined;
  return (bytes) => {
    let [failed, warned] = [false, false];
    for (const byte of bytes) {
      run = byte === runSample ? run + 1 : 1;
      runSample = byte;
      failed ||= run >= REPETITION_CLOSE;
      warned ||= run === REPETITION_WARN;
    }
    for (const byte of bytes) {
      if (seen === 0) [windowSample, count] = [byte, 0];
      if (byte === windowSample) {
        count += 1;
        failed ||= count >= PROPORTION_CLOSE;
        warned ||= count === PROPORTION_WARN;
      }
      seen = (seen + 1) % PROPORTION_WINDOW;
    }
    for (let at = 0; at + 2 * BLOCK_BYTES <= bytes.length; at += 1) {
      failed ||= blockAt(bytes, at) === blockAt(bytes, at + BLOCK_BYTES);
    }
    if (bytes.length >= BLOCK_BYTES) {
      failed ||= blockAt(bytes, 0) === lastBlock;
      lastBlock = blockAt(bytes, 0);
    }
    if (failed) return 'failed';
    return warned ? 'warned' : 'passed';
  };
}

function blockAt(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + BLOCK_BYTES).join();
}

/** From good bytes to stuck ones: how many values there are, and of how many bytes one is as the one before. */
const STREAMS = [
  { values: 256, sticky: 256 },
  { values: 256, sticky: 3 },
  { values: 256, sticky: 2 },
  { values: 24, sticky: 24 },
  { values: 8, sticky: 8 },
  { values: 3, sticky: 3 },
  { values: 1, sticky: 1 },
];
const READS = 1_000;

suite('the verdict of every read is that of a walk over every byte', () => {
  for (const { values, sticky } of STREAMS) {
    test(`bytes of ${values} values, one in ${sticky} as the one before`, () => {
      const source = createSeededSource(`${values} values, ${sticky}`);
      const [health, walk] = [createHealthTest(), createWalk()];
      const seen = new Set<HealthVerdict>();
      let before = 0;
      for (let read = 0; read < READS; read += 1) {
        const bytes = source.read(lengthOf(source.read(2), read)).map((byte, index) => {
          if (byte % sticky !== 0 || sticky === values) before = (byte + index) % values;
          return before;
        });
        if (read % 5 === 0) repeatSomewhere(bytes, source.read(2));
        const verdict = walk(bytes);
        seen.add(verdict);
        assert.equal(health.check(bytes), verdict, `read ${read}, ${bytes.length} bytes`);
      }
      assert.ok(seen.size > 1 || values === 1, 'more than one verdict came up');
    });
  }
});

/** One read in three is long; of the others many are shorter than a block, and some shorter than a run. */
function lengthOf([high = 0, low = 0]: Uint8Array, read: number): number {
  return 1 + ((high * 256 + low) % ([1024, 24, 3][read % 3] ?? 1));
}

/** Copies 14 to 18 bytes right behind themselves: blocks that are repeated and those that nearly are. */
function repeatSomewhere(bytes: Uint8Array, [place = 0, more = 0]: Uint8Array): void {
  const length = 14 + (more % 5);
  const at = (place * 7) % Math.max(1, bytes.length - 40);
  if (bytes.length >= at + BLOCK_BYTES + length) bytes.copyWithin(at + BLOCK_BYTES, at, at + length);
}
