import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import type { LocalSource, RemoteSource } from '../../lib/entropy/source.ts';
import { type HealthEvent, type TestOptions, testLocal, testRemote } from '../../lib/entropy/tested-source.ts';
import { HEALTH_RETEST_PAUSE_MS } from '../../lib/limits.ts';
import { type Deferred, deferred } from '../support/deferred.ts';

/** Bytes without a fault. */
export const good = (length: number): Uint8Array => nodeCryptoSource.read(length);

/** What one read gives; it may throw instead. */
export type Give = (length: number) => Uint8Array;

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

/** A source whose reads wait until the test answers them. */
export interface HeldRemote {
  readonly source: RemoteSource;
  readonly reads: readonly HeldRead[];
}

export interface HeldRead extends Deferred<Uint8Array> {
  readonly length: number;
  readonly signal: AbortSignal;
}

export function heldRemote(name = 'remote'): HeldRemote {
  const reads: HeldRead[] = [];
  const read: RemoteSource['read'] = (length, signal) => {
    const held = { ...deferred<Uint8Array>(), length, signal };
    reads.push(held);
    return held.promise;
  };
  return { source: { kind: 'remote', name, read }, reads };
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

/** Passes its start-up test and gives then what is said; the arrays of the start-up test are not among `given`. */
export function testedLocal(name: string, give: Give) {
  const { source, given, ...script } = scriptedLocal(name);
  const tested = testLocal(source, watch());
  script.give(give);
  return { tested, given: () => given.slice(1) };
}

export async function testedRemote(name: string, give: Give) {
  const { source, given, ...script } = scriptedRemote(name);
  const tested = testRemote(source, watch());
  await tested.warmUp(NEVER);
  script.give(give);
  return { tested, given: () => given.slice(1) };
}

/** A signal that nobody aborts. */
export const NEVER = new AbortController().signal;

export function isZeroed(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
