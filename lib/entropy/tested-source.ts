import { untilAborted } from '../deadline.ts';
import { ServiceError } from '../errors.ts';
import { START_UP_BYTES } from '../limits.ts';
import { createFailureStreak } from './failure-streak.ts';
import { createGate } from './gate.ts';
import type { LocalSource, RemoteSource } from './source.ts';

/**
 * What the operator learns of a source: its health test warned, closed it or opened it again; it gave no bytes several
 * times in a row, or gives bytes again after that.
 */
export type HealthEvent = 'warned' | 'closed' | 'reopened' | 'failing' | 'recovered';

export interface TestOptions {
  readonly onHealth: (source: string, event: HealthEvent) => void;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
}

interface Tested {
  /** Whether the source serves: its start-up test passed, no health test failed since, and it is not failing. */
  readonly isOpen: () => boolean;
}

/** Throws only `ServiceError`. */
export type TestedLocal = LocalSource & Tested;

/** Rejects only with `ServiceError`. */
export interface TestedRemote extends RemoteSource, Tested {
  /**
   * Makes the start-up test and with it the connection. Never rejects: if the test fails, the first read repeats it.
   */
  warmUp(signal: AbortSignal): Promise<void>;
  /** Why the source gave no bytes several times in a row; undefined while it is not failing. */
  readonly failure: () => ServiceError | undefined;
}

/**
 * Tests a source: 1024 bytes at the start (SP 800-90B §4.3), then every read before its bytes are used. If a test
 * fails, the source is closed until it passes the start-up test again.
 */
export function testLocal(source: LocalSource, options: TestOptions): TestedLocal {
  const { name } = source;
  const { gate, streak, isOpen } = createState(name, options);
  const draw = (length: number): Uint8Array => {
    try {
      const bytes = exactly(length, source.read(length), name);
      streak.answered();
      return bytes;
    } catch (cause) {
      const failure = failureOf(name, cause);
      streak.failed(failure);
      throw failure;
    }
  };
  const test = (): void => gate.judgeTest(draw(START_UP_BYTES), gate.closures());
  ignoreFailure(test);
  return {
    kind: 'local',
    name,
    isOpen,
    read(length) {
      if (gate.needsTest()) test();
      return gate.judge(draw(length), gate.closures());
    },
  };
}

/** The same for a remote source. */
export function testRemote(source: RemoteSource, options: TestOptions): TestedRemote {
  const { name } = source;
  const { gate, streak, isOpen } = createState(name, options);
  let shared: { readonly ended: Promise<void>; readonly signal: AbortSignal } | undefined;

  async function draw(length: number, signal: AbortSignal): Promise<Uint8Array> {
    try {
      const bytes = exactly(length, await source.read(length, signal), name);
      streak.answered();
      return bytes;
    } catch (cause) {
      const failure = failureOf(name, cause);
      streak.failed(failure, signal);
      throw failure;
    }
  }

  async function test(signal: AbortSignal): Promise<void> {
    const closures = gate.closures();
    gate.judgeTest(await draw(START_UP_BYTES, signal), closures);
  }

  /** Concurrent reads share one test, so that a crowd of first reads does not test the source once each. */
  async function shareTest(signal: AbortSignal): Promise<void> {
    if (shared === undefined) {
      const ended = test(signal).finally(() => {
        shared = undefined;
      });
      shared = { ended, signal };
      return ended;
    }
    const { ended, signal: makersSignal } = shared;
    // If only the maker's time ran out, this read makes a test of its own.
    const outcome = ended.catch((failure: unknown) => {
      if (!makersSignal.aborted) throw failure;
    });
    await untilAborted(outcome, signal, () => undefined);
    if (signal.aborted) throw new ServiceError('backend-timeout', { reason: 'source-timeout', detail: name });
  }

  return {
    kind: 'remote',
    name,
    isOpen,
    failure: streak.failure,
    warmUp: (signal) => test(signal).catch(() => undefined),
    async read(length, signal) {
      while (gate.needsTest()) await shareTest(signal);
      const closures = gate.closures();
      return gate.judge(await draw(length, signal), closures);
    },
  };
}

function createState(name: string, options: TestOptions) {
  const gate = createGate(name, options);
  const streak = createFailureStreak({
    onFailing: () => options.onHealth(name, 'failing'),
    onRecovered: () => options.onHealth(name, 'recovered'),
  });
  return { gate, streak, isOpen: () => gate.isOpen() && streak.failure() === undefined };
}

function exactly(length: number, bytes: Uint8Array, name: string): Uint8Array {
  // `length` can be shadowed, so check byteLength too.
  if (bytes.length === length && bytes.byteLength === length) return bytes;
  bytes.fill(0);
  throw new ServiceError('backend-unavailable', { reason: 'source-bad-answer', detail: `${name}: a wrong length` });
}

function failureOf(name: string, cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  return new ServiceError('backend-unavailable', { reason: 'source-failed', detail: name, cause });
}

function ignoreFailure(work: () => void): void {
  try {
    work();
  } catch {
    // The first read repeats the test and reports the failure.
  }
}
