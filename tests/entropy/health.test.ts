import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { BLOCK_OCTETS, createHealthTest, type HealthVerdict, PROPORTION_WINDOW } from '../../lib/entropy/health.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import { inReadsOf, octetsWith, plainOctets, verdictOf, verdictsOf } from './octet-streams.ts';

const VALUE = 0xaa;
const READ_SIZES = [1, 3, 7, 64, 512, 1024];

function runOf(length: number, at: number): Uint8Array {
  const places = Array.from({ length }, (_, index) => at + index);
  return octetsWith(VALUE, places, 128);
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
    test(`a run of ${length} equal octets is ${verdict}, wherever it stands and however it is cut into reads`, () => {
      for (const at of [0, 1, 60, 63, 64]) {
        for (const size of READ_SIZES)
          assert.equal(verdictOf(runOf(length, at), size), verdict, `at ${at}, by ${size}`);
      }
    });
  }

  test('a run across two reads counts as one', () => {
    const [before, behind] = [octetsWith(VALUE, [60, 61, 62, 63], 64), octetsWith(VALUE, [0, 1, 2, 3, 4], 64)];
    assert.deepEqual(verdictsOf([before, behind]), ['passed', 'failed']);
    assert.deepEqual(verdictsOf([before, octetsWith(VALUE, [0], 64)]), ['passed', 'warned']);
    assert.deepEqual(verdictsOf([before, plainOctets(64, VALUE).reverse()]), ['passed', 'passed']);
  });

  test('one run warns once', () => {
    assert.deepEqual(verdictsOf(inReadsOf(1, runOf(8, 0).subarray(0, 8))).toSorted(), [
      ...Array.from({ length: 7 }, () => 'passed'),
      'warned',
    ]);
  });
});

/** A window in which its first octet is found so often, the last of them at the given place. */
function windowWith(count: number, last: number): Uint8Array {
  const places = Array.from({ length: count - 1 }, (_, index) => index * 2);
  return octetsWith(VALUE, [...places, last], PROPORTION_WINDOW);
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
    test(`the first octet of a window ${count} times in it is ${verdict}, however it is cut into reads`, () => {
      const last = count === 1 ? 0 : PROPORTION_WINDOW - 1;
      for (const size of READ_SIZES) assert.equal(verdictOf(windowWith(count, last), size), verdict, `by ${size}`);
    });
  }

  test('the window ends after 512 octets', () => {
    const next = octetsWith(VALUE, [1], PROPORTION_WINDOW);
    const health = createHealthTest();
    assert.equal(verdictOf(windowWith(16, 400), 512, health), 'passed');
    assert.equal(verdictOf(next, 512, health), 'passed');
  });

  test('every window counts its own first octet', () => {
    const health = createHealthTest();
    for (let count = 0; count < 4; count += 1) assert.equal(verdictOf(windowWith(16, 400), 64, health), 'passed');
    assert.equal(verdictOf(windowWith(26, 400), 64, health), 'failed');
  });

  test('an octet that is frequent and not the first of the window is left to the next window', () => {
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
  const block = createSeededSource('block').read(BLOCK_OCTETS);
  const filler = createSeededSource('filler');
  const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

  for (const before of [0, 1, 15, 16, 17, 100]) {
    test(`16 octets and the same again, ${before} octets into a read, have failed`, () => {
      const octets = joined(filler.read(before), block, block, filler.read(20));
      assert.deepEqual(verdictsOf([octets]), ['failed']);
    });
  }

  test('15 octets and the same again have passed', () => {
    const short = block.subarray(0, BLOCK_OCTETS - 1);
    const octets = joined(filler.read(20), Uint8Array.of(1), short, Uint8Array.of(2), short, Uint8Array.of(3));
    assert.deepEqual(verdictsOf([octets]), ['passed']);
  });

  for (const length of [16, 64, 1024]) {
    test(`a read of ${length} octets replayed by the next one has failed`, () => {
      const octets = filler.read(length);
      assert.deepEqual(verdictsOf([octets, octets.slice()]), ['passed', 'failed']);
    });
  }

  test('a replayed beginning is enough, whatever follows and however long the reads are', () => {
    const reads = [joined(block, filler.read(48)), joined(block, filler.read(500))];
    assert.deepEqual(verdictsOf(reads), ['passed', 'failed']);
  });

  test('a read of fewer than 16 octets between two equal ones does not hide them', () => {
    const octets = filler.read(64);
    assert.deepEqual(verdictsOf([octets, filler.read(8), octets.slice()]), ['passed', 'passed', 'failed']);
  });

  test('equal reads of fewer than 16 octets have passed: they come by chance', () => {
    assert.deepEqual(verdictsOf([block.slice(0, 15), block.slice(0, 15)]), ['passed', 'passed']);
    assert.deepEqual(verdictsOf([Uint8Array.of(7), Uint8Array.of(7)]), ['passed', 'passed']);
  });
});

suite('after a reset', () => {
  const rows: readonly (readonly [name: string, octets: Uint8Array])[] = [
    ['a run', runOf(9, 3)],
    ['a frequent octet', windowWith(26, 511)],
    ['a block and the same again', Uint8Array.from([...plainOctets(16, 0), ...plainOctets(16, 0)])],
  ];
  for (const [name, octets] of rows) {
    test(`the alarm still fires for ${name}, as often as one resets`, () => {
      const health = createHealthTest();
      for (let count = 0; count < 3; count += 1) {
        assert.equal(verdictOf(octets, 1024, health), 'failed');
        health.reset();
      }
    });
  }

  test('the alarm still fires for a replayed read', () => {
    const health = createHealthTest();
    const octets = plainOctets(64, 0);
    for (let count = 0; count < 3; count += 1) {
      assert.deepEqual(verdictsOf([octets, octets.slice()], health), ['passed', 'failed']);
      health.reset();
    }
  });

  test('runs, windows and blocks begin anew', () => {
    const health = createHealthTest();
    const half = octetsWith(VALUE, [60, 61, 62, 63], 64);
    health.check(half);
    health.reset();
    assert.equal(health.check(octetsWith(VALUE, [0], 64)), 'passed', 'the run');
    health.reset();
    assert.equal(verdictOf(windowWith(25, 48), 49, health), 'warned');
    health.reset();
    assert.equal(verdictOf(windowWith(16, 400), 512, health), 'passed', 'the window');
    health.reset();
    assert.equal(health.check(half), 'passed', 'the block');
  });
});

test('an octet is tested when it is read, with all that was read before', () => {
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
  const octets = plainOctets(64, 0);
  assert.deepEqual([one.check(octets), other.check(octets)], ['passed', 'passed']);
});
