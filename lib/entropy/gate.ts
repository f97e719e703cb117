import { ServiceError } from '../errors.ts';
import { HEALTH_RETEST_PAUSE_MS } from '../limits.ts';
import { createHealthTest } from './health-test.ts';
import type { TestOptions } from './tested-source.ts';

/**
 * The health of one source: untested, open or closed. Remote reads overlap, so each one passes the number of closures
 * from when it began: bytes requested before a closure must neither leave after it nor open the source again.
 */
export function createGate(name: string, { onHealth, monotonicMs }: TestOptions) {
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

  function judge(bytes: Uint8Array, closuresBefore: number): Uint8Array {
    if (closures !== closuresBefore) {
      bytes.fill(0);
      throw unhealthy(name);
    }
    const verdict = health.check(bytes);
    if (verdict === 'failed') close(bytes);
    if (verdict === 'warned') onHealth(name, 'warned');
    return bytes;
  }

  return {
    isOpen: () => state === 'open',
    /** How often the source has been closed. */
    closures: () => closures,
    judge,
    /**
     * A caller that gets true must make the test. For a closed source only one caller in each pause gets true, so that
     * a crowd does not test it.
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
    /** @param bytes `START_UP_BYTES` of them */
    judgeTest(bytes: Uint8Array, closuresBefore: number): void {
      // An open source keeps its counts: two first tests can overlap, and a failing source is tested again.
      if (state !== 'open') health.reset();
      judge(bytes, closuresBefore).fill(0);
      if (state === 'closed') onHealth(name, 'reopened');
      state = 'open';
    },
  };
}

function unhealthy(name: string): ServiceError {
  return new ServiceError('entropy-unhealthy', { reason: 'source-unhealthy', detail: name });
}
