import { createCachedVerifier, type ValidationPlaces } from '../../lib/auth/cached-verifier.ts';
import type { Verdict } from '../../lib/auth/verdict.ts';

export const START_MS = Date.parse('2025-08-06T10:00:00Z');
export const HOUR_MS = 3_600_000;
export const UNDECIDED: Verdict = { outcome: 'undecided', indecision: 'timeout', reason: 'iam-timeout' };

export function accepted(expiresAtMs = START_MS + 24 * HOUR_MS, userId = 'u-1'): Verdict {
  return { outcome: 'accepted', principal: { projectId: 'p-1', userId, roles: [] }, expiresAtMs };
}

export interface Setup {
  readonly ttlMs?: number;
  readonly entries?: number;
  /** What the authority says, call by call; the last answer is repeated. */
  readonly answers?: readonly (Verdict | Promise<Verdict> | (() => never))[];
  readonly places?: ValidationPlaces;
}

/** A verifier with a clock that is moved by hand and an authority that answers from a script. */
export function setUp({ ttlMs = 300_000, entries = 100, answers = [accepted()], places }: Setup = {}) {
  const clock = { ms: START_MS };
  const asked: string[] = [];
  const drawn: number[] = [];
  const cached = createCachedVerifier({
    verify: (token) => {
      asked.push(token);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? UNDECIDED;
      return typeof answer === 'function' ? answer() : Promise.resolve(answer);
    },
    timeoutMs: 60_000,
    ttlMs,
    entries,
    now: () => clock.ms,
    randomBytes: (length) => {
      drawn.push(length);
      return new Uint8Array(length).fill(7);
    },
    places,
  });
  const verify = (token: string, remainingMs?: () => number) => cached(token, { remainingMs, trail: {} });
  return { clock, asked, drawn, verify, cached };
}
