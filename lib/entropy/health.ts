import { hash } from 'node:crypto';

/**
 * Cutoffs of SP 800-90B for octets that claim 8 bits of entropy each, at two false-alarm rates: 2^-30 to warn, 2^-60 to close.
 * §4.4.1: C = 1 + ⌈−log2 α / H⌉ is 5 and 9. §4.4.2 over 512 samples: 17 and 26, one more than its formula, because the first
 * sample of a window is always counted.
 */
export const REPETITION_WARN = 5;
export const REPETITION_CLOSE = 9;
export const PROPORTION_WINDOW = 512;
export const PROPORTION_WARN = 17;
export const PROPORTION_CLOSE = 26;

/** Octets of a block that never comes twice in a row: by chance once in 2^128. */
export const BLOCK_OCTETS = 16;

export type HealthVerdict = 'passed' | 'warned' | 'failed';

/** A continuous health test. One per source; its counters live across requests, for a request alone fills no window. */
export interface HealthTest {
  /** Tests the octets of one read before anybody uses them. Of them the last one and the first of the window are kept. */
  check(octets: Uint8Array): HealthVerdict;
  /** Forgets all counts, before a re-test. */
  reset(): void;
}

/**
 * Repetition count, adaptive proportion and repeated block. They catch a source that is broken: stuck, biased, replayed. They do
 * not prove entropy: the output of a counter under a hash passes them.
 */
export function createHealthTest(): HealthTest {
  const repetition = { sample: -1, count: 0 };
  const proportion = { sample: -1, count: 0, seen: 0 };
  let lastBlockDigest: string | undefined;

  /** §4.4.1, over all reads together. */
  function repetitionCount(octets: Uint8Array): HealthVerdict {
    let { sample, count } = repetition;
    let verdict: HealthVerdict = 'passed';
    // By index: the iterator of a typed array takes twelve times as long, and this is half of a draw.
    for (let index = 0; index < octets.length; index += 1) {
      const octet = octets[index] ?? 0;
      if (octet !== sample) {
        sample = octet;
        count = 1;
        continue;
      }
      count += 1;
      if (count >= REPETITION_CLOSE) verdict = 'failed';
      else if (count === REPETITION_WARN) verdict = worse(verdict, 'warned');
    }
    repetition.sample = sample;
    repetition.count = count;
    return verdict;
  }

  /** §4.4.2, over all reads together. */
  function adaptiveProportion(octets: Uint8Array): HealthVerdict {
    let { sample, count, seen } = proportion;
    let verdict: HealthVerdict = 'passed';
    for (let index = 0; index < octets.length; index += 1) {
      const octet = octets[index] ?? 0;
      if (seen === 0) {
        sample = octet;
        count = 0;
      }
      seen = seen + 1 === PROPORTION_WINDOW ? 0 : seen + 1;
      if (octet !== sample) continue;
      count += 1;
      if (count >= PROPORTION_CLOSE) verdict = 'failed';
      else if (count === PROPORTION_WARN) verdict = worse(verdict, 'warned');
    }
    proportion.sample = sample;
    proportion.count = count;
    proportion.seen = seen;
    return verdict;
  }

  function isBlockOfLastRead(octets: Uint8Array): boolean {
    if (octets.length < BLOCK_OCTETS) return false;
    // A digest, so that no block of one request is in memory at the next.
    const digest = hash('sha256', octets.subarray(0, BLOCK_OCTETS), 'hex');
    const isRepeated = digest === lastBlockDigest;
    lastBlockDigest = digest;
    return isRepeated;
  }

  return {
    check(octets) {
      const isRepeated = isBlockOfLastRead(octets) || hasRepeatedBlock(octets);
      const verdict = worse(repetitionCount(octets), adaptiveProportion(octets));
      return isRepeated ? 'failed' : verdict;
    },
    reset() {
      repetition.sample = -1;
      repetition.count = 0;
      proportion.seen = 0;
      lastBlockDigest = undefined;
    },
  };
}

function worse(one: HealthVerdict, other: HealthVerdict): HealthVerdict {
  return one === 'failed' || other === 'passed' ? one : other;
}

/** Whether some 16 octets stand again right behind themselves. */
function hasRepeatedBlock(octets: Uint8Array): boolean {
  let equal = 0;
  for (let index = BLOCK_OCTETS; index < octets.length; index += 1) {
    equal = octets[index] === octets[index - BLOCK_OCTETS] ? equal + 1 : 0;
    if (equal === BLOCK_OCTETS) return true;
  }
  return false;
}
