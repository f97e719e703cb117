import assert from 'node:assert/strict';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createRemoteSource } from '../../lib/entropy/remote-source.ts';
import type { LocalSource, RemoteSource } from '../../lib/entropy/source.ts';
import { type HealthEvent, type TestOptions, testLocal, testRemote } from '../../lib/entropy/tested-source.ts';
import { HEALTH_RETEST_PAUSE_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { type Deferred, deferred } from '../support/deferred.ts';

/** What one read gives; it may throw instead. */
export type Give = (length: number) => Uint8Array;

/** Bytes without a fault. */
export const good: Give = (length) => nodeCryptoSource.read(length);
export const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
export const failing: Give = () => {
  throw new Error('private-words');
};

export interface Scripted<Source> {
  readonly source: Source;
  /** Replaces what the next reads give. */
  give(next: Give): void;
  /** Every array that was given away, in order. */
  readonly given: readonly Uint8Array[];
}

export function scriptedLocal(name = 'local', first: Give = good): Scripted<LocalSource> {
  const { take, ...script } = createScript(first);
  return { ...script, source: { kind: 'local', name, read: take } };
}

export function scriptedRemote(name = 'remote', first: Give = good): Scripted<RemoteSource> {
  const { take, ...script } = createScript(first);
  return { ...script, source: { kind: 'remote', name, read: async (length) => take(length) } };
}

function createScript(first: Give) {
  const given: Uint8Array[] = [];
  let current = first;
  const take = (length: number): Uint8Array => {
    const bytes = current(length);
    given.push(bytes);
    return bytes;
  };
  const give = (next: Give): void => {
    current = next;
  };
  return { given, give, take };
}

export interface HeldRead extends Deferred<Uint8Array> {
  readonly length: number;
  readonly signal: AbortSignal;
}

/** A source whose reads wait until the test answers them. */
export function heldRemote(name = 'remote') {
  const reads: HeldRead[] = [];
  const source: RemoteSource = {
    kind: 'remote',
    name,
    read(length, signal) {
      const held = { ...deferred<Uint8Array>(), length, signal };
      reads.push(held);
      return held.promise;
    },
  };
  /** Answers a read by its number. @returns the bytes that it was answered with */
  function answer(index: number, bytes: Uint8Array): Uint8Array {
    assert.ok(reads[index] !== undefined, `${name} has no read ${index}`);
    reads[index].resolve(bytes);
    return bytes;
  }
  return { source, reads, answer };
}

/** A clock moved by hand, and what an operator would be told. */
export interface Watch extends TestOptions {
  readonly events: readonly string[];
  passPause(): void;
  /** Milliseconds. */
  pass(milliseconds: number): void;
}

export function watch(): Watch {
  const events: string[] = [];
  let nowMs = 5_000_000;
  const pass = (milliseconds: number): void => {
    nowMs += milliseconds;
  };
  return {
    events,
    onHealth: (source: string, event: HealthEvent) => events.push(`${source} ${event}`),
    monotonicMs: () => nowMs,
    pass,
    passPause: () => pass(HEALTH_RETEST_PAUSE_MS),
  };
}

/** A source of a mix: what the mix takes, and the arrays that it was given. */
export interface Part {
  readonly tested: MixOptions['sources'][number];
  readonly given: () => readonly Uint8Array[];
}

/** Passes its start-up test and gives then what is said; the arrays of the start-up test are not among `given`. */
export function testedLocal(name: string, give: Give = good) {
  const { source, given, ...script } = scriptedLocal(name);
  const tested = testLocal(source, watch());
  script.give(give);
  return { tested, given: () => given.slice(1) };
}

export async function testedRemote(name: string, give: Give = good) {
  const { source, given, ...script } = scriptedRemote(name);
  const tested = testRemote(source, watch());
  await tested.warmUp(NEVER);
  script.give(give);
  return { tested, given: () => given.slice(1) };
}

/** An open remote source whose reads are answered by hand; read 0 was its start-up test. */
export async function openHeld(name = 'remote') {
  const held = heldRemote(name);
  const observed = watch();
  const tested = testRemote(held.source, observed);
  const warm = tested.warmUp(NEVER);
  held.answer(0, good(START_UP_BYTES));
  await warm;
  assert.equal(tested.isOpen(), true);
  return { ...held, ...observed, tested, given: () => [] };
}

/** An open remote source that answers after so long, unless it hears before that it is given up. */
export async function openLate(name: string, afterMs: number, isDeaf = false) {
  const signals: AbortSignal[] = [];
  let isOpen = false;
  const source = createRemoteSource({
    name,
    pauseMs: () => 1,
    attempt: (length, signal) =>
      new Promise((resolve) => {
        if (!isOpen) return resolve(good(length));
        signals.push(signal);
        const timer = setTimeout(() => resolve(good(length)), afterMs);
        if (isDeaf) timer.unref();
        else signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
      }),
  });
  const tested = testRemote(source, watch());
  await tested.warmUp(NEVER);
  isOpen = true;
  return { tested, signals, given: () => [] };
}

/** More than any test waits. */
export const ENOUGH_MS = 60_000;

export function mixOf(parts: readonly Pick<Part, 'tested'>[], more: Partial<MixOptions> = {}) {
  const sources = parts.map(({ tested }) => tested);
  return createMix({ sources, onFailure: 'refuse', timeoutMs: ENOUGH_MS, ...more });
}

/** A signal that nobody aborts. */
export const NEVER = new AbortController().signal;

/** Lets everything go on that does not wait for an answer. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function isZeroed(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

export function assertAllZeroed(parts: readonly Part[]): void {
  for (const { given } of parts) {
    for (const bytes of given()) assert.ok(isZeroed(bytes));
  }
}
