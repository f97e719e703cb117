import { ServiceError } from '../../errors.ts';

export interface InFlight {
  /** Requests at work now. */
  readonly count: () => number;
  /** Work that is refused with `throttled` beyond the limit, rather than queued without bound. */
  gate<Parameters extends readonly unknown[], Result>(
    work: (...parameters: Parameters) => Promise<Result>,
  ): (...parameters: Parameters) => Promise<Result>;
}

/**
 * Sheds load, so that requests at work stay fast. What is counted is work: a sender who is slow with the body occupies a connection
 * and no place among those who have sent theirs.
 *
 * @param limit requests at work at once, 1 or more
 */
export function createInFlight(limit: number): InFlight {
  let count = 0;
  return {
    count: () => count,
    gate(work) {
      return async (...parameters) => {
        if (count >= limit) throw new ServiceError('throttled', { reason: 'too-many-in-flight' });
        count += 1;
        try {
          return await work(...parameters);
        } finally {
          count -= 1;
        }
      };
    },
  };
}
