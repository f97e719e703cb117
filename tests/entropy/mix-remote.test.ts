import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { suite, test } from 'node:test';
import type { MixOptions } from '../../lib/entropy/mix.ts';
import { createRemoteSource } from '../../lib/entropy/remote-source.ts';
import { deferred } from '../support/deferred.ts';
import { assertRefused } from './refusals.ts';
import { ENOUGH_MS, good, isZeroed, mixOf, openHeld, openLate, settle, testedLocal } from './scripted-sources.ts';

const LENGTH = 64;

async function elapsedMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

test('remote sources are asked side by side, and local ones when all their answers are in', async () => {
  const [near, far, local] = [await openHeld('near'), await openHeld('far'), testedLocal('local')];
  const drawing = mixOf([local, near, far])(LENGTH);
  await settle();
  assert.deepEqual([near.reads.length, far.reads.length, local.given().length], [2, 2, 0]);
  near.answer(1, good(LENGTH));
  await settle();
  assert.equal(local.given().length, 0);
  far.answer(1, good(LENGTH));
  const { sources } = await drawing;
  assert.equal(local.given().length, 1);
  assert.deepEqual(sources, ['near', 'far', 'local']);
});

test('every source is asked for exactly the bytes that are wanted', async () => {
  const [remote, local] = [await openHeld(), testedLocal('local')];
  for (const [index, length] of [1, 64, 1024].entries()) {
    const drawing = mixOf([remote, local])(length);
    assert.equal(remote.reads[index + 1]?.length, length);
    remote.answer(index + 1, good(length));
    assert.equal((await drawing).bytes.length, length);
  }
});

test('a mix of local sources alone draws at once, without a promise', () => {
  assert.ok(!(mixOf([testedLocal('a'), testedLocal('b')])(LENGTH) instanceof Promise));
});

suite('one of several remote sources fails', () => {
  /** One source fails after a moment, the other would take very long. */
  async function setUp(onFailure: MixOptions['onFailure'], timeoutMs: number) {
    const failing = await openHeld('failing');
    const slow = await openLate('slow', ENOUGH_MS);
    const mix = mixOf([failing, slow, testedLocal('local')], { onFailure, timeoutMs });
    const drawing = Promise.resolve(mix(LENGTH));
    await settle();
    failing.reads[1]?.reject(new Error('private-words'));
    return { drawing, signal: slow.signals[0] };
  }

  test('under refuse: the others are aborted at once, and it is the reason', async () => {
    const spentMs = await elapsedMs(async () => {
      const { drawing, signal } = await setUp('refuse', ENOUGH_MS);
      await assertRefused(() => drawing, 'backend-unavailable', /^source-failed failing$/);
      assert.equal(signal?.aborted, true);
    });
    assert.ok(spentMs < 1_000, `${spentMs} ms`);
  });

  test('under degrade: the others have until the deadline', async () => {
    const { drawing, signal } = await setUp('degrade', 100);
    await settle();
    assert.equal(signal?.aborted, false);
    assert.deepEqual((await drawing).omitted, ['failing', 'slow']);
  });
});

/** What a deadline may be missed by: timers of a busy machine. */
const LATENESS_MS = 150;

interface DeadlineRow {
  readonly name: string;
  readonly timeoutMs: number;
  readonly remainingMs?: number;
  readonly expectedMs: number;
}

const DEADLINES: readonly DeadlineRow[] = [
  { name: 'the configured deadline', timeoutMs: 80, expectedMs: 80 },
  { name: 'a platform that leaves less', timeoutMs: ENOUGH_MS, remainingMs: 60, expectedMs: 60 },
  { name: 'a platform that leaves more', timeoutMs: 80, remainingMs: ENOUGH_MS, expectedMs: 80 },
  { name: 'a platform that leaves nothing', timeoutMs: ENOUGH_MS, remainingMs: 0, expectedMs: 0 },
  { name: 'a platform whose deadline is over', timeoutMs: ENOUGH_MS, remainingMs: -10, expectedMs: 0 },
];

suite('a slow remote source', () => {
  for (const { name, timeoutMs, remainingMs, expectedMs } of DEADLINES) {
    for (const onFailure of ['refuse', 'degrade'] as const) {
      test(`under ${onFailure} is waited for as long as ${name} allows`, async () => {
        const mix = mixOf([await openLate('slow', ENOUGH_MS), testedLocal('local')], { onFailure, timeoutMs });
        const spentMs = await elapsedMs(async () => {
          if (onFailure === 'refuse') {
            await assertRefused(() => mix(LENGTH, remainingMs), 'backend-timeout', /^source-\S+ slow\b/);
          } else assert.deepEqual((await mix(LENGTH, remainingMs)).omitted, ['slow']);
        });
        assert.ok(spentMs > expectedMs - 2 && spentMs < expectedMs + LATENESS_MS, `${spentMs} ms`);
      });
    }
  }

  test('that answers within the deadline is in', async () => {
    const { sources } = await mixOf([await openLate('slow', 20)], { timeoutMs: 2_000 })(LENGTH);
    assert.deepEqual(sources, ['slow']);
  });
});

suite('nothing is left behind', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  for (const [name, afterMs, timeoutMs] of [
    ['a draw', 1, 5_000],
    ['a draw that was too slow', 5_000, 20],
  ] as const) {
    test(`by ${name}: no timer, and nobody who listens to its signal`, async () => {
      const remote = await openLate('remote', afterMs);
      const mix = mixOf([remote, testedLocal('local')], { onFailure: 'degrade', timeoutMs });
      const before = timers();
      await mix(LENGTH);
      assert.equal(timers(), before);
      const [signal] = remote.signals;
      assert.ok(signal);
      // The one of this test hears of an abort once.
      assert.equal(getEventListeners(signal, 'abort').length, signal.aborted ? 0 : 1);
    });
  }

  test('by bytes that come after the deadline: they are zeroed', async () => {
    const late = deferred<Uint8Array>();
    const source = createRemoteSource({ name: 'late', pauseMs: () => 1, attempt: () => late.promise });
    await assertRefused(() => source.read(LENGTH, AbortSignal.timeout(10)), 'backend-timeout');
    const bytes = good(LENGTH);
    late.resolve(bytes);
    await settle();
    assert.ok(isZeroed(bytes));
  });

  test('by a draw that another failure ended', async () => {
    const [failing, slow] = [await openHeld('failing'), await openLate('slow', 5_000)];
    const before = timers();
    const drawing = mixOf([failing, slow])(LENGTH);
    await settle();
    failing.reads[1]?.reject(new Error('scripted'));
    await assertRefused(() => drawing, 'backend-unavailable');
    assert.equal(timers(), before);
  });
});

test('draws at once do not mix their bytes', async () => {
  const remote = await openHeld();
  const mix = mixOf([remote]);
  const drawings = [mix(LENGTH), mix(LENGTH), mix(LENGTH)];
  const answers = drawings.map(() => good(LENGTH));
  const expected = answers.map((bytes) => bytes.slice());
  for (const index of [2, 0, 1]) remote.answer(index + 1, answers[index] ?? new Uint8Array());
  const drawn = await Promise.all(drawings);
  assert.deepEqual(
    drawn.map(({ bytes }) => bytes),
    expected,
  );
});
