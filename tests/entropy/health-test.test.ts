import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BLOCK_BYTES, createHealthTest, type HealthVerdict, PROPORTION_WINDOW } from '../../lib/entropy/health-test.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import { bytesWith, inReadsOf, plainBytes, verdictOf, verdictsOf } from './byte-streams.ts';

const VALUE = 0xaa;
const READ_SIZES = [1, 3, 7, 64, 512, 1024];

function runOf(length: number, at: number): Uint8Array {
  const places = Array.from({ length }, (_, index) => at + index);
  return bytesWith(VALUE, places, 128);
}

const RUNS: readonly (readonly [length: number, verdict: HealthVerdict])[] = [
  [1, 'passed'],
  [4, 'passed'],
  [5, 'warned'],
  [8, 'warned'],
  [9, 'failed'],
  [64, 'failed'],
];

suite('repetition count', () => {
  for (const [length, verdict] of RUNS) {
    test(`a run of ${length} equal bytes is ${verdict}, wherever it stands and however it is cut into reads`, () => {
      for (const at of [0, 1, 60, 63, 64]) {
        for (const size of READ_SIZES)
          assert.equal(verdictOf(runOf(length, at), size), verdict, `at ${at}, by ${size}`);
      }
    });
  }

  test('a run across two reads counts as one', () => {
    const [before, behind] = [bytesWith(VALUE, [60, 61, 62, 63], 64), bytesWith(VALUE, [0, 1, 2, 3, 4], 64)];
    assert.deepEqual(verdictsOf([before, behind]), ['passed', 'failed']);
    assert.deepEqual(verdictsOf([before, bytesWith(VALUE, [0], 64)]), ['passed', 'warned']);
    assert.deepEqual(verdictsOf([before, plainBytes(64, VALUE).reverse()]), ['passed', 'passed']);
  });

  test('one run warns once', () => {
    assert.deepEqual(verdictsOf(inReadsOf(1, runOf(8, 0).subarray(0, 8))).toSorted(), [
      ...Array.from({ length: 7 }, () => 'passed'),
      'warned',
    ]);
  });
});

/** A window in which its first byte is found so often, the last of them at the given place. */
function windowWith(count: number, last: number): Uint8Array {
  const places = Array.from({ length: count - 1 }, (_, index) => index * 2);
  return bytesWith(VALUE, [...places, last], PROPORTION_WINDOW);
}

const PROPORTIONS: readonly (readonly [count: number, verdict: HealthVerdict])[] = [
  [1, 'passed'],
  [16, 'passed'],
  [17, 'warned'],
  [25, 'warned'],
  [26, 'failed'],
];

suite('adaptive proportion', () => {
  for (const [count, verdict] of PROPORTIONS) {
    test(`the first byte of a window ${count} times in it is ${verdict}, however it is cut into reads`, () => {
      const last = count === 1 ? 0 : PROPORTION_WINDOW - 1;
      for (const size of READ_SIZES) assert.equal(verdictOf(windowWith(count, last), size), verdict, `by ${size}`);
    });
  }

  test('the window ends after 512 bytes', () => {
    const next = bytesWith(VALUE, [1], PROPORTION_WINDOW);
    const health = createHealthTest();
    assert.equal(verdictOf(windowWith(16, 400), 512, health), 'passed');
    assert.equal(verdictOf(next, 512, health), 'passed');
  });

  test('every window counts its own first byte', () => {
    const health = createHealthTest();
    for (let count = 0; count < 4; count += 1) assert.equal(verdictOf(windowWith(16, 400), 64, health), 'passed');
    assert.equal(verdictOf(windowWith(26, 400), 64, health), 'failed');
  });

  test('a byte that is frequent and not the first of the window is left to the next window', () => {
    const shifted = Uint8Array.from([0x01, ...windowWith(26, 511)]);
    const health = createHealthTest();
    assert.equal(verdictOf(shifted.subarray(0, PROPORTION_WINDOW), 64, health), 'passed');
  });

  test('one window warns once', () => {
    const verdicts = verdictsOf(inReadsOf(1, windowWith(25, 500)));
    assert.equal(verdicts.filter((verdict) => verdict === 'warned').length, 1);
  });
});

suite('repeated block', () => {
  const block = createSeededSource('block').read(BLOCK_BYTES);
  const filler = createSeededSource('filler');
  const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

  for (const before of [0, 1, 15, 16, 17, 100]) {
    test(`16 bytes and the same again, ${before} bytes into a read, have failed`, () => {
      const bytes = joined(filler.read(before), block, block, filler.read(20));
      assert.deepEqual(verdictsOf([bytes]), ['failed']);
    });
  }

  test('15 bytes and the same again have passed', () => {
    const short = block.subarray(0, BLOCK_BYTES - 1);
    const bytes = joined(filler.read(20), Uint8Array.of(1), short, Uint8Array.of(2), short, Uint8Array.of(3));
    assert.deepEqual(verdictsOf([bytes]), ['passed']);
  });

  for (const length of [16, 64, 1024]) {
    test(`a read of ${length} bytes replayed by the next one has failed`, () => {
      const bytes = filler.read(length);
      assert.deepEqual(verdictsOf([bytes, bytes.slice()]), ['passed', 'failed']);
    });
  }

  test('a replayed beginning is enough, whatever follows and however long the reads are', () => {
    const reads = [joined(block, filler.read(48)), joined(block, filler.read(500))];
    assert.deepEqual(verdictsOf(reads), ['passed', 'failed']);
  });

  test('a read of fewer than 16 bytes between two equal ones does not hide them', () => {
    const bytes = filler.read(64);
    assert.deepEqual(verdictsOf([bytes, filler.read(8), bytes.slice()]), ['passed', 'passed', 'failed']);
  });

  test('equal reads of fewer than 16 bytes have passed: they come by chance', () => {
    assert.deepEqual(verdictsOf([block.slice(0, 15), block.slice(0, 15)]), ['passed', 'passed']);
    assert.deepEqual(verdictsOf([Uint8Array.of(7), Uint8Array.of(7)]), ['passed', 'passed']);
  });
});

suite('after a reset', () => {
  const rows: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['a run', runOf(9, 3)],
    ['a frequent byte', windowWith(26, 511)],
    ['a block and the same again', Uint8Array.from([...plainBytes(16, 0), ...plainBytes(16, 0)])],
  ];
  for (const [name, bytes] of rows) {
    test(`the alarm still fires for ${name}, as often as one resets`, () => {
      const health = createHealthTest();
      for (let count = 0; count < 3; count += 1) {
        assert.equal(verdictOf(bytes, 1024, health), 'failed');
        health.reset();
      }
    });
  }

  test('the alarm still fires for a replayed read', () => {
    const health = createHealthTest();
    const bytes = plainBytes(64, 0);
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual(verdictsOf([bytes, bytes.slice()], health), ['passed', 'failed']);
      health.reset();
    }
  });

  test('runs, windows and blocks begin anew', () => {
    const health = createHealthTest();
    const half = bytesWith(VALUE, [60, 61, 62, 63], 64);
    health.check(half);
    health.reset();
    assert.equal(health.check(bytesWith(VALUE, [0], 64)), 'passed', 'the run');
    health.reset();
    assert.equal(verdictOf(windowWith(25, 48), 49, health), 'warned');
    health.reset();
    assert.equal(verdictOf(windowWith(16, 400), 512, health), 'passed', 'the window');
    health.reset();
    assert.equal(health.check(half), 'passed', 'the block');
  });
});

test('a byte is tested when it is read, with all that was read before', () => {
  const health = createHealthTest();
  const verdicts = verdictsOf(inReadsOf(1, new Uint8Array(12)), health);
  assert.deepEqual(verdicts, [
    ...Array.from({ length: 4 }, () => 'passed'),
    'warned',
    ...Array.from({ length: 3 }, () => 'passed'),
    ...Array.from({ length: 4 }, () => 'failed'),
  ]);
});

test('two tests know nothing of each other', () => {
  const [one, other] = [createHealthTest(), createHealthTest()];
  const bytes = plainBytes(64, 0);
  assert.deepEqual([one.check(bytes), other.check(bytes)], ['passed', 'passed']);
});
