import { hash } from 'node:crypto';
import { lru } from 'tiny-lru';
import { withDeadline } from '../deadline.ts';
import { ServiceError } from '../errors.ts';
import { REJECTED_TOKEN_ENTRIES, REJECTED_TOKEN_TTL_MS } from '../limits.ts';
import { NO_OBSERVER, type Observer } from '../telemetry/observer.ts';
import {
  type Accepted,
  type Asker,
  type Rejected,
  rejected,
  type Undecided,
  type Verdict,
  type VerifyToken,
} from './verdict.ts';

export interface CachedVerifierOptions {
  /** Asks the authority; called once per token however many requests wait for it. */
  readonly verify: (token: string) => Promise<Verdict>;
  /** Milliseconds after which `verify` has answered: an older question is one that a frozen process left behind. */
  readonly timeoutMs: number;
  /**
   * Milliseconds that an accepted token is remembered, 0 to 300,000; never beyond its own expiry. With 0 every request
   * asks for itself, concurrent ones too.
   */
  readonly ttlMs: number;
  /** Upper bound of remembered tokens. */
  readonly entries: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly observer?: Observer;
  /** How many callers may wait for the authority at once; absent: all. */
  readonly places?: ValidationPlaces | undefined;
}

/** Each caller holds a place while they wait. */
export interface ValidationPlaces {
  /** For tokens that have been accepted before. */
  readonly known: Places;
  /** For all others: strangers must not keep known callers from being asked about again. */
  readonly strangers: Places;
}

interface Places {
  /** @returns false where none is free */
  take(): boolean;
  free(): void;
}

const UNBOUNDED: Places = { take: () => true, free() {} };
const NO_BOUNDS: ValidationPlaces = { known: UNBOUNDED, strangers: UNBOUNDED };

/** What counts from a moment, when it was asked, to another one. Milliseconds since the epoch. */
interface Entry<V> {
  readonly verdict: V;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A question on its way, and how many requests wait for it. */
interface Flight extends Entry<Promise<Verdict>> {
  waiting: number;
}

/**
 * Remembers verdicts under a salted SHA-256 of the token, never under the token. Refusals live in a small cache of
 * their own, so that a flood of bad tokens evicts no good one. What could not be decided is not remembered. The
 * verifier throws
 * `throttled` where no place is free.
 */
export function createCachedVerifier(options: CachedVerifierOptions): VerifyToken {
  const { verify, timeoutMs, ttlMs, now, observer = NO_OBSERVER, places = NO_BOUNDS } = options;
  const accepted = lru<Entry<Accepted>>(options.entries);
  const refused = lru<Entry<Rejected>>(REJECTED_TOKEN_ENTRIES);
  // Beside the caches, not in them: what is in flight must not evict what is known.
  const flights = new Map<string, Flight>();
  const keyOf = createKeyFunction(options.randomBytes);

  /** @param fromMs when the question was asked: what IAM did while its answer was on the way is not in it */
  function remember(key: string, verdict: Verdict, fromMs: number): void {
    if (verdict.outcome === 'accepted') {
      accepted.set(key, { verdict, fromMs, untilMs: Math.min(fromMs + ttlMs, verdict.expiresAtMs) });
      refused.delete(key);
    } else if (verdict.outcome === 'rejected') {
      refused.set(key, { verdict, fromMs, untilMs: fromMs + Math.min(ttlMs, REJECTED_TOKEN_TTL_MS) });
      accepted.delete(key);
    }
  }

  async function ask(key: string, token: string, fromMs: number): Promise<Verdict> {
    const verdict = await verify(token);
    observer.verification(verdict.outcome);
    if (ttlMs > 0) remember(key, verdict, fromMs);
    return verdict;
  }

  function recall(key: string): Verdict | undefined {
    const nowMs = now();
    const hit = accepted.get(key);
    if (hit !== undefined && nowMs >= hit.verdict.expiresAtMs) return rejected('expired-token');
    if (hit !== undefined && isFresh(hit, nowMs)) return hit.verdict;
    const refusal = refused.get(key);
    return refusal !== undefined && isFresh(refusal, nowMs) ? refusal.verdict : undefined;
  }

  function flightOf(key: string, token: string, trail: Asker['trail']): Flight {
    const nowMs = now();
    const running = flights.get(key);
    if (ttlMs > 0 && running !== undefined && isFresh(running, nowMs)) {
      observer.verification('shared');
      trail.auth = 'shared';
      return running;
    }
    trail.auth = 'asked';
    const flight = { verdict: ask(key, token, nowMs), fromMs: nowMs, untilMs: nowMs + timeoutMs, waiting: 0 };
    flights.set(key, flight);
    return flight;
  }

  /** A question that nobody waits for any more is not joined: on a frozen instance its connection may be dead. */
  function leave(key: string, flight: Flight): void {
    flight.waiting -= 1;
    if (flight.waiting === 0 && flights.get(key) === flight) flights.delete(key);
  }

  return (token, { remainingMs, trail }) => {
    const key = keyOf(token);
    const known = recall(key);
    if (known !== undefined) {
      observer.verification('hit');
      trail.auth = 'hit';
      return known;
    }
    const place = accepted.has(key) ? places.known : places.strangers;
    if (!place.take()) throw new ServiceError('throttled', { reason: 'too-many-validations' });
    const flight = flightOf(key, token, trail);
    flight.waiting += 1;
    const verdict = withDeadline(flight.verdict, remainingMs?.() ?? Number.POSITIVE_INFINITY, () => PLATFORM_ENDS);
    return verdict.finally(() => {
      leave(key, flight);
      place.free();
    });
  };
}

const PLATFORM_ENDS: Undecided = {
  outcome: 'undecided',
  indecision: 'timeout',
  reason: 'platform-deadline',
};

// A clock that was set back must not lengthen a life.
function isFresh({ fromMs, untilMs }: Entry<unknown>, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs;
}

/** The salt is made at first use: one made during init would be part of a snapshot. */
function createKeyFunction(randomBytes: (length: number) => Uint8Array): (token: string) => string {
  let salt: string | undefined;
  return (token) => {
    salt ??= Buffer.from(randomBytes(32)).toString('hex');
    // One-shot: 0.7 µs where createHmac takes 13 µs.
    return hash('sha256', salt + token, 'base64url');
  };
}
