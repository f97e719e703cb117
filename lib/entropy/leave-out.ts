import { ServiceError } from '../errors.ts';
import { FROZEN_AFTER_MS, LEFT_OUT_RETEST_MS } from '../limits.ts';
import type { TestedRemote } from './tested-source.ts';

/** Calls `work` once after that time. The timer does not keep the process alive. @returns what cancels it */
export type After = (milliseconds: number, work: () => void) => () => void;

export interface LeaveOutOptions {
  readonly after: After;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  /** Milliseconds for one draw, as in `ENTROPY_TIMEOUT_MS`. */
  readonly timeoutMs: number;
}

/**
 * For `ENTROPY_ON_FAILURE=degrade`: refuses the reads of a failing source at once, so that it does not cost every draw
 * its deadline. Tests the source in the background every `LEFT_OUT_RETEST_MS`; its first bytes bring it back.
 *
 * A frozen function runs no timers. If a test is overdue, or the freeze interrupted one, one read is let through
 * instead.
 */
export function leaveOutWhileFailing(source: TestedRemote, options: LeaveOutOptions): TestedRemote {
  const { after, monotonicMs } = options;
  const testMs = Math.min(options.timeoutMs, LEFT_OUT_RETEST_MS);
  let refusal: ServiceError | undefined;
  let overdueMs = 0;
  let cancelTest = (): void => undefined;

  function followSource(): void {
    const failure = source.failure();
    if (failure === undefined) {
      if (refusal !== undefined) cancelTest();
      refusal = undefined;
    } else if (refusal === undefined) {
      const { key, reason } = failure;
      refusal = new ServiceError(key, { reason, detail: `${source.name}: left out until it answers again` });
      scheduleTest(monotonicMs());
    }
  }

  function scheduleTest(lastMs: number): void {
    cancelTest();
    const nowMs = monotonicMs();
    const nextMs = lastMs + LEFT_OUT_RETEST_MS;
    const wasFrozen = nowMs > lastMs + testMs + FROZEN_AFTER_MS;
    overdueMs = wasFrozen ? nowMs : nextMs + testMs + FROZEN_AFTER_MS;
    cancelTest = after(Math.max(0, nextMs - nowMs), () => void test());
  }

  async function test(): Promise<void> {
    const startedMs = monotonicMs();
    const deadline = new AbortController();
    const cancel = after(testMs, () => deadline.abort());
    await source.warmUp(deadline.signal);
    cancel();
    followSource();
    if (refusal !== undefined) scheduleTest(startedMs);
  }

  return {
    ...source,
    async read(length, signal) {
      if (refusal !== undefined) {
        const nowMs = monotonicMs();
        if (nowMs < overdueMs) throw refusal;
        overdueMs = nowMs + LEFT_OUT_RETEST_MS;
      }
      try {
        return await source.read(length, signal);
      } finally {
        followSource();
      }
    },
  };
}
