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
  /** For the log: fixed words and numbers, nothing that the other side wrote. */
  readonly detail?: string;
  /** Whether a second attempt may succeed a moment later. */
  readonly isPassing: boolean;
  readonly cause?: unknown;
}

/** Asks once. Never rejects. @returns exactly `length` bytes that nobody else holds, or why there are none */
export type Attempt = (length: number, signal: AbortSignal) => Promise<Uint8Array | AttemptFailure>;

export interface RemoteSourceOptions {
  readonly name: string;
  readonly attempt: Attempt;
  /** Milliseconds before the second attempt, random: callers that failed together must not retry together. */
  readonly pauseMs: () => number;
}

/**
 * A source that retries once if the failure was transient. If the signal ends the pause, the first attempt says why
 * there are no bytes. If it ends an attempt, that attempt timed out.
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

/** An attempt gets the signal, but parts of it may ignore it: name resolution, a fetch of credentials. */
async function orTimedOut(
  attempt: Promise<Uint8Array | AttemptFailure>,
  signal: AbortSignal,
): Promise<Uint8Array | AttemptFailure> {
  const first = await untilAborted(attempt, signal, () => TIMED_OUT);
  // Nobody wants bytes that arrive late.
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
