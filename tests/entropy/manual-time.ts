import type { After } from '../../lib/entropy/leave-out.ts';

interface Timer {
  readonly dueMs: number;
  readonly work: () => void;
}

/** A clock and timers moved by hand. */
export function manualTime() {
  let nowMs = 5_000_000;
  const timers = new Set<Timer>();
  const after: After = (milliseconds, work) => {
    const timer = { dueMs: nowMs + milliseconds, work };
    timers.add(timer);
    return () => timers.delete(timer);
  };

  async function runDue(untilMs: number): Promise<void> {
    await settled();
    for (;;) {
      const [next] = [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((one, other) => one.dueMs - other.dueMs);
      if (next === undefined) return;
      timers.delete(next);
      nowMs = Math.max(nowMs, next.dueMs);
      next.work();
      await settled();
    }
  }

  return {
    after,
    monotonicMs: () => nowMs,
    waiting: () => timers.size,
    /** Time passes, and every timer runs when it is due. */
    async pass(milliseconds: number): Promise<void> {
      const endMs = nowMs + milliseconds;
      await runDue(endMs);
      nowMs = endMs;
    },
    /** Time passes for a frozen process: no timer runs before `thaw`. */
    freeze(milliseconds: number): void {
      nowMs += milliseconds;
    },
    thaw: () => runDue(nowMs),
  };
}

/** Lets everything go on that does not wait for an answer. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
