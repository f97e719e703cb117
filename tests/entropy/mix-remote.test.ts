import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { suite, test } from 'node:test';
import type { MixOptions } from '../../lib/entropy/mix.ts';
import type { TestedRemote } from '../../lib/entropy/tested-source.ts';
import { ENOUGH_MS, elapsedMs, LENGTH, mixOf, openHeld, openLate, openLocal, settle } from './mix-parts.ts';
import { assertRefused } from './refusals.ts';
import { good } from './scripted-sources.ts';

test('remote sources are asked side by side, and local ones when all their answers are in', async () => {
  const [near, far, local] = [await openHeld('near'), await openHeld('far'), openLocal('local')];
  const drawing = mixOf([local.tested, near.tested, far.tested])(LENGTH);
  await settle();
  assert.deepEqual([near.count(), far.count(), local.count()], [1, 1, 0]);
  near.read(0).resolve(good(LENGTH));
  await settle();
  assert.equal(local.count(), 0);
  far.read(0).resolve(good(LENGTH));
  const { sources } = await drawing;
  assert.equal(local.count(), 1);
  assert.deepEqual(sources, ['near', 'far', 'local']);
});

test('every source is asked for exactly the bytes that are wanted', async () => {
  const [remote, local] = [await openHeld('remote'), openLocal('local')];
  for (const [index, length] of [1, 64, 1024].entries()) {
    const drawing = mixOf([remote.tested, local.tested])(length);
    assert.equal(remote.read(index).length, length);
    remote.read(index).resolve(good(length));
    assert.equal((await drawing).bytes.length, length);
  }
});

test('a mix of local sources alone draws at once, without a promise', () => {
  const draw = mixOf([openLocal('a').tested, openLocal('b').tested])(LENGTH);
  assert.ok(!(draw instanceof Promise));
});

suite('one of several remote sources fails', () => {
  /** One source fails after a moment, the other would take very long. */
  async function setUp(onFailure: MixOptions['onFailure'], timeoutMs: number) {
    const failing = await openHeld('failing');
    const slow = await openLate('slow', ENOUGH_MS);
    const sources: TestedRemote[] = [failing.tested, slow.tested];
    const drawing = Promise.resolve(mixOf([...sources, openLocal('local').tested], { onFailure, timeoutMs })(LENGTH));
    await settle();
    failing.read(0).reject(new Error('private-words'));
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

suite('nothing is left behind', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  for (const [name, afterMs, timeoutMs] of [
    ['a draw', 1, 5_000],
    ['a draw that was too slow', 5_000, 20],
  ] as const) {
    test(`by ${name}: no timer, and nobody who listens to its signal`, async () => {
      const { tested, signals } = await openLate('remote', afterMs);
      const mix = mixOf([tested, openLocal('local').tested], { onFailure: 'degrade', timeoutMs });
      const before = timers();
      await mix(LENGTH);
      assert.equal(timers(), before);
      assert.equal(signals.length, 1);
      for (const signal of signals) {
        if (!signal.aborted) assert.equal(getEventListeners(signal, 'abort').length, 1, 'the one of this test');
        else assert.equal(getEventListeners(signal, 'abort').length, 0);
      }
    });
  }

  test('by a draw that another failure ended', async () => {
    const failing = await openHeld('failing');
    const { tested } = await openLate('slow', 5_000);
    const before = timers();
    const drawing = mixOf([failing.tested, tested])(LENGTH);
    await settle();
    failing.read(0).reject(new Error('scripted'));
    await assertRefused(() => drawing, 'backend-unavailable');
    assert.equal(timers(), before);
  });
});

test('draws at once do not mix their bytes', async () => {
  const remote = await openHeld('remote');
  const mix = mixOf([remote.tested]);
  const drawings = [mix(LENGTH), mix(LENGTH), mix(LENGTH)];
  const answers = drawings.map(() => good(LENGTH));
  const expected = answers.map((bytes) => bytes.slice());
  for (const index of [2, 0, 1]) remote.read(index).resolve(answers[index] ?? new Uint8Array());
  const drawn = await Promise.all(drawings);
  assert.deepEqual(
    drawn.map(({ bytes }) => bytes),
    expected,
  );
});
