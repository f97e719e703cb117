import { lru } from 'tiny-lru';
import type { Principal } from '../auth/verdict.ts';
import { ServiceError } from '../errors.ts';
import { RATE_LIMITED_PRINCIPALS } from '../limits.ts';
import type { Middleware } from './middleware.ts';

/**
 * Lets each principal draw so many times a second, with a burst of one second's worth (the generic cell rate algorithm:
 * one number per principal, the time at which all their requests so far would have been evenly spent).
 *
 * @param perSecond 1 or more, in this instance
 * @param monotonicMs milliseconds of a clock that is never set back
 */
export function limitRate(perSecond: number, monotonicMs: () => number): Middleware {
  const spacingMs = 1000 / perSecond;
  // A thousandth of a request more: three thirds of a second add up to a little above one.
  const burstMs = 1000 + spacingMs / 1000;
  const spentUntilMs = lru<number>(RATE_LIMITED_PRINCIPALS);
  return {
    before({ event: { trail } }) {
      const nowMs = monotonicMs();
      const key = keyOf(trail.principal);
      const untilMs = Math.max(spentUntilMs.get(key) ?? 0, nowMs) + spacingMs;
      if (untilMs - nowMs > burstMs) throw new ServiceError('throttled', { reason: 'rate-limit' });
      spentUntilMs.set(key, untilMs);
    },
  };
}

function keyOf(principal: Principal | undefined): string {
  if (principal === undefined) throw new TypeError('nobody authenticated');
  const { projectId, userId, accessKey } = principal;
  return `${projectId} ${userId ?? accessKey ?? ''}`;
}
