import { type ByteCounts, countBytes } from './byte-counts.ts';
import { countDuplicateBlocks, duplicateChance } from './duplicate-blocks.ts';
import { chiSquareTails, longestRunTails, normalTwoSided, twoSided } from './tails.ts';

/** A test fails below this: at six tests a stream, a good stream fails once in some 10^8 runs. */
export const ALPHA = 1e-9;

export const TEST_NAMES = ['monobit', 'runs', 'poker', 'bytes', 'longest run', 'duplicate blocks'] as const;
export type TestName = (typeof TEST_NAMES)[number];

export interface Finding {
  readonly name: TestName;
  /** In the unit that the test says. */
  readonly statistic: number;
  /** The chance that random bytes are as far from what is expected, on either side. */
  readonly p: number;
}

/** All tests over one stream of at least 64 KiB: below that the approximations are too coarse for so small a threshold. */
export function judge(bytes: Uint8Array): Finding[] {
  if (bytes.length < 65_536) throw new RangeError('too few bytes to judge');
  const counts = countBytes(bytes);
  return [monobit(counts), runs(counts), poker(counts), byteFrequency(counts), longestRun(counts), duplicates(bytes)];
}

export function failed(findings: readonly Finding[]): TestName[] {
  return findings.filter(({ p }) => p < ALPHA).map(({ name }) => name);
}

/** Ones among n bits are binomial(n, 1/2). Standard deviations; the normal tail for n ≥ 2^19 is right to 1 in 1000 at p = 10^-9. */
function monobit({ ones, bits }: ByteCounts): Finding {
  const statistic = (2 * ones - bits) / Math.sqrt(bits);
  return { name: 'monobit', statistic, p: normalTwoSided(statistic) };
}

/** Each bit differs from the one before with even odds, independently: binomial(n − 1, 1/2). Standard deviations. */
function runs({ changes, bits }: ByteCounts): Finding {
  const statistic = (2 * changes - (bits - 1)) / Math.sqrt(bits - 1);
  return { name: 'runs', statistic, p: normalTwoSided(statistic) };
}

/** Half bytes, 15 degrees of freedom. Too even is as suspicious as too uneven: both tails. */
function poker({ histogram }: ByteCounts): Finding {
  const cells = new Array<number>(16).fill(0);
  histogram.forEach((count, value) => {
    for (const half of [value >> 4, value & 15]) cells[half] = (cells[half] ?? 0) + count;
  });
  return { name: 'poker', ...evenness(cells) };
}

/** Bytes, 255 degrees of freedom, both tails. At least 256 are expected of each, so that chi-square holds far out. */
function byteFrequency({ histogram }: ByteCounts): Finding {
  return { name: 'bytes', ...evenness(histogram) };
}

function evenness(cells: readonly number[]): { statistic: number; p: number } {
  const expected = cells.reduce((sum, count) => sum + count, 0) / cells.length;
  const statistic = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { statistic, p: twoSided(chiSquareTails(statistic, cells.length - 1)) };
}

/** Bits in the longest run of equal ones; the exact distribution, both tails. */
function longestRun({ longestRun: statistic, bits }: ByteCounts): Finding {
  return { name: 'longest run', statistic, p: twoSided(longestRunTails(statistic, bits)) };
}

/** Blocks of 16 bytes that stand there again. One is enough. */
function duplicates(bytes: Uint8Array): Finding {
  const statistic = countDuplicateBlocks(bytes);
  return { name: 'duplicate blocks', statistic, p: statistic === 0 ? 1 : duplicateChance(bytes.length) };
}
