import type { ValidationPlaces } from '../../auth/cached-verifier.ts';
import { ServiceError } from '../../errors.ts';

/** Work that is refused with `throttled` while no place is free, rather than queued without bound. */
export type Gate = <Parameters extends readonly unknown[], Result>(
  work: (...parameters: Parameters) => Result,
) => (...parameters: Parameters) => Result;

export interface InFlight {
  /** Requests at work now: drawing, or waiting for IAM. */
  readonly count: () => number;
  readonly gate: Gate;
  /** For those who wait for IAM: they hold no place of the others. */
  readonly validations: ValidationPlaces;
}

/**
 * Sheds load, so that requests at work stay fast. What is counted is work: a sender who is slow with the body, or waits
 * for IAM with an unknown token, takes no place from those who are known.
 *
 * @param limit places for work, 1 or more. As many callers with known tokens may wait for IAM, and half as many others
 */
export function createInFlight(limit: number): InFlight {
  const work = createPlaces(limit);
  const known = createPlaces(limit);
  const strangers = createPlaces(Math.max(1, Math.floor(limit / 2)));
  return {
    count: () => work.count() + known.count() + strangers.count(),
    validations: { known, strangers },
    gate:
      (run) =>
      (...parameters) => {
        if (!work.take()) throw new ServiceError('throttled', { reason: 'too-many-in-flight' });
        let isOver = true;
        try {
          const result = run(...parameters);
          if (result instanceof Promise) {
            isOver = false;
            void result.then(work.free, work.free);
          }
          return result;
        } finally {
          if (isOver) work.free();
        }
      },
  };
}

function createPlaces(limit: number) {
  let count = 0;
  return {
    count: () => count,
    take(): boolean {
      if (count >= limit) return false;
      count += 1;
      return true;
    },
    free(): void {
      count -= 1;
    },
  };
}
