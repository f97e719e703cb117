import { ServiceError } from './errors.ts';
import { PLATFORM_DEADLINE_MARGIN_MS } from './limits.ts';

/**
 * Waits for work that others may share, but no longer than the platform lets this invocation live. The work itself goes on.
 *
 * @param remainingMs absent where the platform sets no deadline
 * @throws {ServiceError} `backend-timeout`
 */
export async function beforePlatformDeadline<T>(work: Promise<T>, remainingMs: (() => number) | undefined): Promise<T> {
  if (remainingMs === undefined) return work;
  const leftMs = Math.max(0, remainingMs() - PLATFORM_DEADLINE_MARGIN_MS);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceError('backend-timeout', { reason: 'the platform ends this invocation' }));
    }, leftMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
