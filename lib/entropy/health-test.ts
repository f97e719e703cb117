import { hash } from 'node:crypto';

/**
 * Cutoffs of SP 800-90B for bytes that claim 8 bits of entropy each, at two false-alarm rates: 2^-30 to warn, 2^-60 to
 * close. §4.4.1: C = 1 + ⌈−log2 α / H⌉ gives 5 and 9. §4.4.2 over 512 samples: 17 and 26, one more than its formula
 * gives, because the first sample of a window is always counted.
 */
export const REPETITION_WARN = 5;
export const REPETITION_CLOSE = 9;
export const PROPORTION_WINDOW = 512;
export const PROPORTION_WARN = 17;
export const PROPORTION_CLOSE = 26;

/** Length of a block that must not repeat. By chance it does once in 2^128. */
export const BLOCK_BYTES = 16;

export type HealthVerdict = 'passed' | 'warned' | 'failed';

/**
 * A continuous health test, one per source. Its counters persist across requests, because one request fills no window.
 */
export interface HealthTest {
  /** Tests the bytes of one read before use. Keeps the last byte and the first one of the window. */
  check(bytes: Uint8Array): HealthVerdict;
  /** Forgets all counts, before a re-test. */
  reset(): void;
}

/**
 * Repetition count, adaptive proportion and repeated block. They detect a broken source: stuck, biased, replayed. They
 * do not prove entropy: the hash of a counter passes them.
 *
 * Each test finds what a walk over every byte would find. It compares at a stride that no long run fits between, and
 * uses the built-in `indexOf`: at the start of a function, walks cost 2 ms, mostly for compiling them.
 */
export function createHealthTest(): HealthTest {
  const repetition = { sample: -1, count: 0 };
  const proportion = { sample: -1, count: 0, seen: 0 };
  let lastBlockDigest: string | undefined;

  /** §4.4.1, across all reads. */
  function repetitionCount(bytes: Uint8Array): HealthVerdict {
    const continued = bytes[0] === repetition.sample ? endOfRun(bytes, 0, 1) : 0;
    let verdict = judgeCount(repetition.count, repetition.count + continued, REPETITION_WARN, REPETITION_CLOSE);
    // A run that is long enough to warn covers one of these bytes and the next one too.
    for (let index = 0; index + 1 < bytes.length; index += REPETITION_WARN - 1) {
      if (bytes[index] !== bytes[index + 1]) continue;
      const run = endOfRun(bytes, index, 1) - startOfRun(bytes, index, 1);
      verdict = worse(verdict, judgeCount(0, run, REPETITION_WARN, REPETITION_CLOSE));
      if (verdict === 'failed') break;
    }
    const start = startOfRun(bytes, bytes.length - 1, 1);
    repetition.count = bytes.length - start + (start < continued ? repetition.count : 0);
    repetition.sample = bytes[start] ?? -1;
    return verdict;
  }

  /** §4.4.2, across all reads. */
  function adaptiveProportion(bytes: Uint8Array): HealthVerdict {
    let verdict: HealthVerdict = 'passed';
    for (let from = 0; from < bytes.length; ) {
      if (proportion.seen === 0) {
        proportion.sample = bytes[from] ?? -1;
        proportion.count = 0;
      }
      const to = Math.min(bytes.length, from + PROPORTION_WINDOW - proportion.seen);
      const count = proportion.count + countOf(bytes, proportion.sample, from, to);
      verdict = worse(verdict, judgeCount(proportion.count, count, PROPORTION_WARN, PROPORTION_CLOSE));
      proportion.count = count;
      proportion.seen = (proportion.seen + to - from) % PROPORTION_WINDOW;
      from = to;
    }
    return verdict;
  }

  function isBlockOfLastRead(bytes: Uint8Array): boolean {
    if (bytes.length < BLOCK_BYTES) return false;
    // A digest, so that no block of one request is in memory at the next.
    const digest = hash('sha256', bytes.subarray(0, BLOCK_BYTES), 'hex');
    const isRepeated = digest === lastBlockDigest;
    lastBlockDigest = digest;
    return isRepeated;
  }

  return {
    check(bytes) {
      const isRepeated = isBlockOfLastRead(bytes) || hasRepeatedBlock(bytes);
      const verdict = worse(repetitionCount(bytes), adaptiveProportion(bytes));
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

/** A count warns once, when it reaches `warn`, and fails each time it grows at or above `close`. */
function judgeCount(before: number, after: number, warn: number, close: number): HealthVerdict {
  if (after >= close && after > before) return 'failed';
  return before < warn && after >= warn ? 'warned' : 'passed';
}

/** Occurrences of `sample` in `bytes` from `from` to before `to`. */
function countOf(bytes: Uint8Array, sample: number, from: number, to: number): number {
  let count = 0;
  for (let at = bytes.indexOf(sample, from); at !== -1 && at < to; at = bytes.indexOf(sample, at + 1)) count += 1;
  return count;
}

/** Whether any 16 bytes are followed by the same 16 bytes. */
function hasRepeatedBlock(bytes: Uint8Array): boolean {
  // Of any 16 bytes in a row one is looked at.
  for (let index = BLOCK_BYTES; index < bytes.length; index += BLOCK_BYTES) {
    if (bytes[index] !== bytes[index - BLOCK_BYTES]) continue;
    const [start, end] = [startOfRun(bytes, index, BLOCK_BYTES), endOfRun(bytes, index, BLOCK_BYTES)];
    if (end - start >= 2 * BLOCK_BYTES) return true;
  }
  return false;
}

/**
 * Start of the bytes around `index` that all equal the byte `lag` before them: a run for a lag of 1, a repetition for
 * more.
 */
function startOfRun(bytes: Uint8Array, index: number, lag: number): number {
  let last = index;
  while (last >= lag && bytes[last] === bytes[last - lag]) last -= 1;
  return last + 1 - lag;
}

/** The first byte after `index` that differs from the byte `lag` before it. */
function endOfRun(bytes: Uint8Array, index: number, lag: number): number {
  let end = index + 1;
  while (end < bytes.length && bytes[end] === bytes[end - lag]) end += 1;
  return end;
}
