import assert from 'node:assert/strict';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import { createRemoteSource } from '../../lib/entropy/remote-source.ts';
import type { RemoteSource } from '../../lib/entropy/source.ts';
import { testLocal, testRemote } from '../../lib/entropy/tested-source.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { good, type HeldRead, heldRemote, NEVER, scriptedLocal, watch } from './scripted-sources.ts';

export const LENGTH = 64;
export const ENOUGH_MS = 60_000;

/** Lets everything go on that does not wait for an answer. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An open remote source whose next reads are answered by hand. */
export async function openHeld(name: string) {
  const { source, reads } = heldRemote(name);
  const tested = testRemote(source, watch());
  const warm = tested.warmUp(NEVER);
  reads[0]?.resolve(good(START_UP_BYTES));
  await warm;
  const read = (index: number): HeldRead => {
    const held = reads[index + 1];
    assert.ok(held !== undefined, `${name} has no read ${index}`);
    return held;
  };
  return { tested, read, count: () => reads.length - 1 };
}

export function openLocal(name: string) {
  const { source, given } = scriptedLocal(name);
  return { tested: testLocal(source, watch()), count: () => given.length - 1 };
}

export function mixOf(sources: MixOptions['sources'], more: Partial<MixOptions> = {}) {
  return createMix({ sources, onFailure: 'refuse', timeoutMs: ENOUGH_MS, ...more });
}

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

export async function openLate(name: string, afterMs: number) {
  let wait = 0;
  const quick = lateRemote(name, 0);
  const late = lateRemote(name, afterMs);
  const source: RemoteSource = {
    ...quick,
    read: (length, signal) => (wait++ === 0 ? quick : late).read(length, signal),
  };
  const tested = testRemote(source, watch());
  await tested.warmUp(NEVER);
  return { tested, signals: late.signals };
}

export async function elapsedMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
