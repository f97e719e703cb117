import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PROPORTION_CLOSE,
  PROPORTION_WARN,
  PROPORTION_WINDOW,
  REPETITION_CLOSE,
  REPETITION_WARN,
} from '../../lib/entropy/health-test.ts';

// The cutoffs of SP 800-90B are computed here anew, in whole numbers, so that no rounding and no copied figure is between
// the formula and the constant. A false-alarm rate is 2^-exponent.

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
