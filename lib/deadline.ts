/** Node fires a timer of more milliseconds than this at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What `work` gives, or what `late` gives if the time is up first. The work itself goes on.
 *
 * @param leftMs milliseconds; more than 24 days, Infinity included, is no deadline
 */
export function withDeadline<T, Late>(work: Promise<T>, leftMs: number, late: () => Late): Promise<T | Late> {
  if (leftMs > MAX_TIMER_MS) return work;
  return firstOf(work, late, (end) => {
    const timer = setTimeout(end, leftMs);
    return () => clearTimeout(timer);
  });
}

/** What `work` gives, or what `late` gives once the signal is aborted. The work itself goes on. */
export function untilAborted<T, Late>(work: Promise<T>, signal: AbortSignal, late: () => Late): Promise<T | Late> {
  return firstOf(work, late, (end) => {
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    return () => signal.removeEventListener('abort', end);
  });
}

/** @param arm calls `end` when the time is up. @returns what takes that back */
function firstOf<T, Late>(work: Promise<T>, late: () => Late, arm: (end: () => void) => () => void): Promise<T | Late> {
  return new Promise((resolve, reject) => {
    const disarm = arm(() => resolve(late()));
    work.then(resolve, reject).finally(disarm);
  });
}
