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
