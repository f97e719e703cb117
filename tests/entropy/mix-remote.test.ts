import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { suite, test } from 'node:test';
import { createRemoteSource } from '../../lib/entropy/attempts.ts';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import { type MonitoredRemote, monitorLocal, monitorRemote } from '../../lib/entropy/monitor.ts';
import type { RemoteSource } from '../../lib/entropy/source.ts';
import { PLATFORM_DEADLINE_MARGIN_MS, START_UP_OCTETS } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { good, type HeldRead, heldRemote, NEVER, scriptedLocal, watch } from './scripted-sources.ts';

const LENGTH = 64;
const ENOUGH_MS = 60_000;

/** What a deadline may be missed by: timers of a busy machine. */
const LATENESS_MS = 150;

/** Lets everything go on that does not wait for an answer. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An open remote source whose next reads are answered by hand. */
async function openHeld(name: string) {
  const { source, reads } = heldRemote(name);
  const monitored = monitorRemote(source, watch());
  const warm = monitored.warmUp(NEVER);
  reads[0]?.resolve(good(START_UP_OCTETS));
  await warm;
  const read = (index: number): HeldRead => {
    const held = reads[index + 1];
    assert.ok(held !== undefined, `${name} has no read ${index}`);
    return held;
  };
  return { monitored, read, count: () => reads.length - 1 };
}

function openLocal(name: string) {
  const { source, given } = scriptedLocal(name);
  return { monitored: monitorLocal(source, watch()), count: () => given.length - 1 };
}

function mixOf(sources: MixOptions['sources'], more: Partial<MixOptions> = {}) {
  return createMix({ sources, onFailure: 'refuse', timeoutMs: ENOUGH_MS, ...more });
}

test('remote sources are asked side by side, and local ones when all their answers are in', async () => {
  const [near, far, local] = [await openHeld('near'), await openHeld('far'), openLocal('local')];
  const drawing = mixOf([local.monitored, near.monitored, far.monitored])(LENGTH);
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

test('every source is asked for exactly the octets that are wanted', async () => {
  const [remote, local] = [await openHeld('remote'), openLocal('local')];
  for (const [index, length] of [1, 64, 1024].entries()) {
    const drawing = mixOf([remote.monitored, local.monitored])(length);
    assert.equal(remote.read(index).length, length);
    remote.read(index).resolve(good(length));
    assert.equal((await drawing).octets.length, length);
  }
});

test('a mix of local sources alone draws at once, without a promise', () => {
  const draw = mixOf([openLocal('a').monitored, openLocal('b').monitored])(LENGTH);
  assert.ok(!(draw instanceof Promise));
});

/** A source that answers after so long, unless it is aborted before. */
function lateRemote(name: string, afterMs: number): RemoteSource & { readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  const source = createRemoteSource({
    name,
    pauseMs: () => 1,
    attempt: (length, signal) =>
      new Promise((resolve) => {
        signals.push(signal);
        const timer = setTimeout(() => resolve(good(length)), afterMs);
        signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      }),
  });
  return { ...source, signals };
}

async function openLate(name: string, afterMs: number) {
  let wait = 0;
  const quick = lateRemote(name, 0);
  const late = lateRemote(name, afterMs);
  const source: RemoteSource = {
    ...quick,
    read: (length, signal) => (wait++ === 0 ? quick : late).read(length, signal),
  };
  const monitored = monitorRemote(source, watch());
  await monitored.warmUp(NEVER);
  return { monitored, signals: late.signals };
}

async function elapsedMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

interface DeadlineRow {
  readonly name: string;
  readonly timeoutMs: number;
  readonly remainingMs?: number;
  readonly expectedMs: number;
}

const DEADLINES: readonly DeadlineRow[] = [
  { name: 'the configured deadline', timeoutMs: 80, expectedMs: 80 },
  {
    name: 'a platform that leaves less',
    timeoutMs: ENOUGH_MS,
    remainingMs: PLATFORM_DEADLINE_MARGIN_MS + 60,
    expectedMs: 60,
  },
  { name: 'a platform that leaves more', timeoutMs: 80, remainingMs: ENOUGH_MS, expectedMs: 80 },
  { name: 'a platform that leaves nothing', timeoutMs: ENOUGH_MS, remainingMs: 10, expectedMs: 0 },
  { name: 'a platform whose deadline is over', timeoutMs: ENOUGH_MS, remainingMs: -10, expectedMs: 0 },
];

suite('a slow remote source', () => {
  for (const { name, timeoutMs, remainingMs, expectedMs } of DEADLINES) {
    for (const onFailure of ['refuse', 'degrade'] as const) {
      test(`under ${onFailure} is waited for as long as ${name} allows`, async () => {
        const { monitored } = await openLate('slow', ENOUGH_MS);
        const mix = mixOf([monitored, openLocal('local').monitored], { onFailure, timeoutMs });
        const spentMs = await elapsedMs(async () => {
          if (onFailure === 'refuse') {
            await assertRefused(() => mix(LENGTH, remainingMs), 'backend-timeout', /^entropy source slow /);
          } else assert.deepEqual((await mix(LENGTH, remainingMs)).omitted, ['slow']);
        });
        assert.ok(spentMs > expectedMs - 2 && spentMs < expectedMs + LATENESS_MS, `${spentMs} ms`);
      });
    }
  }

  test('that answers within the deadline is in', async () => {
    const { monitored } = await openLate('slow', 20);
    const { sources } = await mixOf([monitored], { timeoutMs: 2_000 })(LENGTH);
    assert.deepEqual(sources, ['slow']);
  });
});

suite('one of several remote sources fails', () => {
  /** One source fails after a moment, the other would take very long. */
  async function setUp(onFailure: MixOptions['onFailure'], timeoutMs: number) {
    const failing = await openHeld('failing');
    const slow = await openLate('slow', ENOUGH_MS);
    const sources: MonitoredRemote[] = [failing.monitored, slow.monitored];
    const drawing = Promise.resolve(
      mixOf([...sources, openLocal('local').monitored], { onFailure, timeoutMs })(LENGTH),
    );
    await settle();
    failing.read(0).reject(new Error('private-words'));
    return { drawing, signal: slow.signals[0] };
  }

  test('under refuse: the others are aborted at once, and it is the reason', async () => {
    const spentMs = await elapsedMs(async () => {
      const { drawing, signal } = await setUp('refuse', ENOUGH_MS);
      await assertRefused(() => drawing, 'backend-unavailable', /^entropy source failing failed$/);
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
      const { monitored, signals } = await openLate('remote', afterMs);
      const mix = mixOf([monitored, openLocal('local').monitored], { onFailure: 'degrade', timeoutMs });
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
    const { monitored } = await openLate('slow', 5_000);
    const before = timers();
    const drawing = mixOf([failing.monitored, monitored])(LENGTH);
    await settle();
    failing.read(0).reject(new Error('scripted'));
    await assertRefused(() => drawing, 'backend-unavailable');
    assert.equal(timers(), before);
  });
});

test('draws at once do not mix their octets', async () => {
  const remote = await openHeld('remote');
  const mix = mixOf([remote.monitored]);
  const drawings = [mix(LENGTH), mix(LENGTH), mix(LENGTH)];
  const answers = drawings.map(() => good(LENGTH));
  const expected = answers.map((octets) => octets.slice());
  for (const index of [2, 0, 1]) remote.read(index).resolve(answers[index] ?? new Uint8Array());
  const drawn = await Promise.all(drawings);
  assert.deepEqual(
    drawn.map(({ octets }) => octets),
    expected,
  );
});
