import { ServiceError } from '../errors.ts';
import { HEALTH_RETEST_PAUSE_MS, START_UP_BYTES } from '../limits.ts';
import { createHealthTest } from './health-test.ts';
import type { LocalSource, RemoteSource } from './source.ts';

/** What an operator is told of a source: a warning, that it was closed, that a re-test opened it again. */
export type HealthEvent = 'warned' | 'closed' | 'reopened';

export interface TestOptions {
  readonly onHealth: (source: string, event: HealthEvent) => void;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
}

interface Tested {
  /** Whether its start-up test was passed and nothing has failed since. */
  readonly isOpen: () => boolean;
}

/** Throws `ServiceError` and nothing else. */
export type TestedLocal = LocalSource & Tested;

/** Rejects with `ServiceError` and nothing else. */
export interface TestedRemote extends RemoteSource, Tested {
  /** The start-up test, which makes the connection too. Never rejects: what fails here is tried again by the first read. */
  warmUp(signal: AbortSignal): Promise<void>;
}

/**
 * Tests a source: 1024 bytes at the start (SP 800-90B §4.3), then every read before its bytes are used. One that fails is closed
 * until it passes the start-up test again.
 */
export function testLocal(source: LocalSource, options: TestOptions): TestedLocal {
  const { name } = source;
  const gate = createGate(name, options);
  const draw = (length: number): Uint8Array => {
    try {
      return source.read(length);
    } catch (cause) {
      throw failedSource(name, cause);
    }
  };
  const test = (): void => gate.judgeTest(draw(START_UP_BYTES), gate.closures());
  ignoreFailure(test);
  return {
    kind: 'local',
    name,
    isOpen: gate.isOpen,
    read(length) {
      if (gate.needsTest()) test();
      return gate.judge(draw(length), length, gate.closures());
    },
  };
}

/** The same for a source behind a network. */
export function testRemote(source: RemoteSource, options: TestOptions): TestedRemote {
  const { name } = source;
  const gate = createGate(name, options);
  const draw = async (length: number, signal: AbortSignal): Promise<Uint8Array> => {
    try {
      return await source.read(length, signal);
    } catch (cause) {
      throw cause instanceof ServiceError ? cause : failedSource(name, cause);
    }
  };
  const test = async (signal: AbortSignal): Promise<void> => {
    const closures = gate.closures();
    gate.judgeTest(await draw(START_UP_BYTES, signal), closures);
  };
  return {
    kind: 'remote',
    name,
    isOpen: gate.isOpen,
    warmUp: (signal) => test(signal).catch(() => undefined),
    async read(length, signal) {
      if (gate.needsTest()) await test(signal);
      const closures = gate.closures();
      return gate.judge(await draw(length, signal), length, closures);
    },
  };
}

/**
 * The state of one source: untested, open or closed. Reads behind a network overlap: each says how often the source had been closed
 * when it began, so that bytes asked for before it was closed do not leave after, and do not open it again.
 */
function createGate(name: string, { onHealth, monotonicMs }: TestOptions) {
  const health = createHealthTest();
  let state: 'untested' | 'open' | 'closed' = 'untested';
  let closures = 0;
  let nextTestMs = 0;

  function close(bytes: Uint8Array): never {
    bytes.fill(0);
    closures += 1;
    nextTestMs = monotonicMs() + HEALTH_RETEST_PAUSE_MS;
    if (state !== 'closed') onHealth(name, 'closed');
    state = 'closed';
    throw unhealthy(name);
  }

  function admit(bytes: Uint8Array, length: number, closuresBefore: number): void {
    // An array may have a property of its own named `length`, which says what it likes.
    const isExact = bytes.length === length && bytes.byteLength === length;
    if (isExact && closures === closuresBefore) return;
    bytes.fill(0);
    if (isExact) throw unhealthy(name);
    throw new ServiceError('backend-unavailable', { reason: 'source-bad-answer', detail: `${name}: a wrong length` });
  }

  function judge(bytes: Uint8Array, length: number, closuresBefore: number): Uint8Array {
    admit(bytes, length, closuresBefore);
    const verdict = health.check(bytes);
    if (verdict === 'failed') close(bytes);
    if (verdict === 'warned') onHealth(name, 'warned');
    return bytes;
  }

  return {
    isOpen: () => state === 'open',
    /** How often it has been closed. */
    closures: () => closures,
    judge,
    /**
     * Whoever is told true makes the test: of a closed source one caller in each pause, so that no crowd tests it at once.
     *
     * @throws {ServiceError} `entropy-unhealthy` while a closed source waits for its re-test or for the end of one
     */
    needsTest(): boolean {
      if (state !== 'closed') return state === 'untested';
      const nowMs = monotonicMs();
      if (nowMs < nextTestMs) throw unhealthy(name);
      nextTestMs = nowMs + HEALTH_RETEST_PAUSE_MS;
      return true;
    },
    judgeTest(bytes: Uint8Array, closuresBefore: number): void {
      // Two tests of an untested source may overlap: the later one leaves the counts of an open source alone.
      if (state !== 'open') health.reset();
      judge(bytes, START_UP_BYTES, closuresBefore).fill(0);
      if (state === 'closed') onHealth(name, 'reopened');
      state = 'open';
    },
  };
}

function unhealthy(name: string): ServiceError {
  return new ServiceError('entropy-unhealthy', { reason: 'source-unhealthy', detail: name });
}

function failedSource(name: string, cause: unknown): ServiceError {
  return new ServiceError('backend-unavailable', { reason: 'source-failed', detail: name, cause });
}

function ignoreFailure(work: () => void): void {
  try {
    work();
  } catch {
    // The first read meets it again and reports it.
  }
}
