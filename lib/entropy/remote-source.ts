import { setTimeout as sleep } from 'node:timers/promises';
import { untilAborted } from '../deadline.ts';
import { ServiceError } from '../errors.ts';
import type { Reason } from '../reasons.ts';
import type { RemoteSource } from './source.ts';

export type SourceReason = Extract<Reason, `source-${string}`>;

/** Why one attempt gave no bytes. */
export interface AttemptFailure {
  readonly key: 'throttled' | 'backend-timeout' | 'backend-unavailable';
  readonly reason: SourceReason;
  /** For the log; fixed words and numbers, nothing that the other side wrote. */
  readonly detail?: string;
  /** Whether the same attempt may succeed a moment later. */
  readonly isPassing: boolean;
  readonly cause?: unknown;
}

/** Asks once. Never rejects. @returns exactly `length` bytes that nobody else has, or why not */
export type Attempt = (length: number, signal: AbortSignal) => Promise<Uint8Array | AttemptFailure>;

export interface RemoteSourceOptions {
  readonly name: string;
  readonly attempt: Attempt;
  /** Milliseconds before the second attempt, different each time: callers that failed together must not come back together. */
  readonly pauseMs: () => number;
}

/**
 * A source that asks once more where that may help. When the signal ends the pause, the attempt before it says why there are no
 * bytes; when it ends an attempt, that one timed out.
 */
export function createRemoteSource({ name, attempt, pauseMs }: RemoteSourceOptions): RemoteSource {
  const attemptOnce = (length: number, signal: AbortSignal): Promise<Uint8Array | AttemptFailure> =>
    signal.aborted ? Promise.resolve(TIMED_OUT) : orTimedOut(attempt(length, signal), signal);
  return {
    kind: 'remote',
    name,
    async read(length, signal) {
      let outcome = await attemptOnce(length, signal);
      if (isPassing(outcome) && (await pause(pauseMs(), signal))) outcome = await attemptOnce(length, signal);
      if (outcome instanceof Uint8Array) return outcome;
      const { key, reason, detail, cause } = outcome;
      throw new ServiceError(key, { reason, detail: detail === undefined ? name : `${name}: ${detail}`, cause });
    },
  };
}

export const TIMED_OUT: AttemptFailure = { key: 'backend-timeout', reason: 'source-timeout', isPassing: false };

/** The attempt is told of the signal, but some of it may not hear: a name being resolved, credentials being fetched. */
async function orTimedOut(
  attempt: Promise<Uint8Array | AttemptFailure>,
  signal: AbortSignal,
): Promise<Uint8Array | AttemptFailure> {
  const first = await untilAborted(attempt, signal, () => TIMED_OUT);
  // What arrives late is nobody's.
  if (first === TIMED_OUT) void attempt.then((late) => late instanceof Uint8Array && late.fill(0));
  return first;
}

function isPassing(outcome: Uint8Array | AttemptFailure): boolean {
  return !(outcome instanceof Uint8Array) && outcome.isPassing;
}

/** @returns false if the signal ended it */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal }).catch(() => false);
}
