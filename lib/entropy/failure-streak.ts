import type { ServiceError } from '../errors.ts';
import { FAILURES_IN_A_ROW } from '../limits.ts';

/**
 * Why a draw aborts a source that has done nothing wrong: another source has failed already, or the platform left no time for an
 * answer. Such an end says nothing about the source.
 */
export const CUT_SHORT = 'cut short';

export interface FailureStreak {
  /** The newest failure, once there were `FAILURES_IN_A_ROW` without bytes between them; undefined before. */
  readonly failure: () => ServiceError | undefined;
  /** @param signal that of the read which failed */
  failed(failure: ServiceError, signal?: AbortSignal): void;
  answered(): void;
}

export interface StreakEvents {
  readonly onFailing: () => void;
  readonly onRecovered: () => void;
}

/** Counts the reads of one source that gave no bytes, since the last one that did. Reads that overlap count one by one. */
export function createFailureStreak({ onFailing, onRecovered }: StreakEvents): FailureStreak {
  let failures = 0;
  let newest: ServiceError | undefined;
  return {
    failure: () => (failures < FAILURES_IN_A_ROW ? undefined : newest),
    failed(failure, signal) {
      // A source that throttles is there.
      if (failure.key === 'throttled' || signal?.reason === CUT_SHORT) return;
      newest = failure;
      failures += 1;
      if (failures === FAILURES_IN_A_ROW) onFailing();
    },
    answered() {
      if (failures === 0) return;
      const wasFailing = failures >= FAILURES_IN_A_ROW;
      failures = 0;
      if (wasFailing) onRecovered();
    },
  };
}
