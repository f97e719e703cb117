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
 *
 * Each finds what a walk over every octet would find, by comparing at a stride that nothing too long fits between and by `indexOf`, which
 * is not compiled here: at the start of a function walks cost 2 ms, most of it V8's compiling them once they are hot.
 */
export function createHealthTest(): HealthTest {
  const repetition = { sample: -1, count: 0 };
  const proportion = { sample: -1, count: 0, seen: 0 };
  let lastBlockDigest: string | undefined;

  /** §4.4.1, over all reads together. */
  function repetitionCount(octets: Uint8Array): HealthVerdict {
    const continued = octets[0] === repetition.sample ? endOfRun(octets, 0, 1) : 0;
    let verdict = judgeCount(repetition.count, repetition.count + continued, REPETITION_WARN, REPETITION_CLOSE);
    // A run that is long enough to warn covers one of these octets and the next one too.
    for (let index = 0; index + 1 < octets.length; index += REPETITION_WARN - 1) {
      if (octets[index] !== octets[index + 1]) continue;
      const run = endOfRun(octets, index, 1) - startOfRun(octets, index, 1);
      verdict = worse(verdict, judgeCount(0, run, REPETITION_WARN, REPETITION_CLOSE));
      if (verdict === 'failed') break;
    }
    const start = startOfRun(octets, octets.length - 1, 1);
    repetition.count = octets.length - start + (start < continued ? repetition.count : 0);
    repetition.sample = octets[start] ?? -1;
    return verdict;
  }

  /** §4.4.2, over all reads together. */
  function adaptiveProportion(octets: Uint8Array): HealthVerdict {
    let verdict: HealthVerdict = 'passed';
    for (let from = 0; from < octets.length; ) {
      if (proportion.seen === 0) {
        proportion.sample = octets[from] ?? -1;
        proportion.count = 0;
      }
      const to = Math.min(octets.length, from + PROPORTION_WINDOW - proportion.seen);
      const count = proportion.count + countOf(octets, proportion.sample, from, to);
      verdict = worse(verdict, judgeCount(proportion.count, count, PROPORTION_WARN, PROPORTION_CLOSE));
      proportion.count = count;
      proportion.seen = (proportion.seen + to - from) % PROPORTION_WINDOW;
      from = to;
    }
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

/** A count warns once, when it reaches the one cutoff, and fails as often as it grows from the other one on. */
function judgeCount(before: number, after: number, warn: number, close: number): HealthVerdict {
  if (after >= close && after > before) return 'failed';
  return before < warn && after >= warn ? 'warned' : 'passed';
}

/** How often `sample` stands in `octets` from `from` to before `to`. */
function countOf(octets: Uint8Array, sample: number, from: number, to: number): number {
  let count = 0;
  for (let at = octets.indexOf(sample, from); at !== -1 && at < to; at = octets.indexOf(sample, at + 1)) count += 1;
  return count;
}

/** Whether some 16 octets stand again right behind themselves. */
function hasRepeatedBlock(octets: Uint8Array): boolean {
  // Of any 16 octets in a row one is looked at.
  for (let index = BLOCK_OCTETS; index < octets.length; index += BLOCK_OCTETS) {
    if (octets[index] !== octets[index - BLOCK_OCTETS]) continue;
    const [start, end] = [startOfRun(octets, index, BLOCK_OCTETS), endOfRun(octets, index, BLOCK_OCTETS)];
    if (end - start >= 2 * BLOCK_OCTETS) return true;
  }
  return false;
}

/** Where the octets around `index` begin that all equal the ones `lag` before them: a run with a lag of 1, a repetition with more. */
function startOfRun(octets: Uint8Array, index: number, lag: number): number {
  let last = index;
  while (last >= lag && octets[last] === octets[last - lag]) last -= 1;
  return last + 1 - lag;
}

/** The first octet behind `index` that differs from the one `lag` before it. */
function endOfRun(octets: Uint8Array, index: number, lag: number): number {
  let end = index + 1;
  while (end < octets.length && octets[end] === octets[end - lag]) end += 1;
  return end;
}
