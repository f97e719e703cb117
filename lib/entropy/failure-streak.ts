import type { ServiceError } from '../errors.ts';
import { FAILURES_IN_A_ROW } from '../limits.ts';

/**
 * The reason with which a draw aborts a source that is not to blame: another source failed already, or the platform
 * left no time for an answer.
 */
export const CUT_SHORT = 'cut short';

export interface FailureStreak {
  /** The newest failure if the last `FAILURES_IN_A_ROW` reads gave no bytes, else undefined. */
  readonly failure: () => ServiceError | undefined;
  /** @param signal the one of the failed read */
  failed(failure: ServiceError, signal?: AbortSignal): void;
  answered(): void;
}

export interface StreakEvents {
  readonly onFailing: () => void;
  readonly onRecovered: () => void;
}

/** Counts the reads of one source since the last one that gave bytes. Reads that overlap count one by one. */
export function createFailureStreak({ onFailing, onRecovered }: StreakEvents): FailureStreak {
  let failures = 0;
  let newest: ServiceError | undefined;
  return {
    failure: () => (failures < FAILURES_IN_A_ROW ? undefined : newest),
    failed(failure, signal) {
      // A source that throttles works.
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
