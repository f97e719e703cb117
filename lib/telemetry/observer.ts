import type { HealthEvent } from '../entropy/tested-source.ts';
import type { Reason } from '../reasons.ts';

export interface ObservedRequest {
  readonly status: number;
  /** Of the error catalogue; undefined for a success. */
  readonly code: string | undefined;
  readonly reason: Reason | undefined;
  readonly seconds: number | undefined;
  /** What was given out; undefined where nothing was. */
  readonly bitLength: number | undefined;
  readonly omitted: readonly string[];
}

/** How a token was judged: from memory, by joining a question that was on its way, or by asking. */
export type VerificationResult = 'hit' | 'shared' | 'accepted' | 'rejected' | 'undecided';

/** What became of one validation or draw. `refused` is IAM's word on a token. */
export const OUTCOMES = ['ok', 'refused', 'throttled', 'timeout', 'unreachable', 'bad-answer'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Is told what happens, to count it. Gets no secret and nothing that grows without bound. */
export interface Observer {
  request(request: ObservedRequest): void;
  verification(result: VerificationResult): void;
  /** @param dependency `iam` or an entropy source */
  dependency(dependency: string, outcome: Outcome, seconds: number): void;
  entropyHealth(source: string, event: HealthEvent): void;
  /** A connection was ended because there were too many. */
  connectionDropped(): void;
}

/** Where nobody counts: on function platforms the audit line is the source of all metrics. */
export const NO_OBSERVER: Observer = {
  request() {},
  verification() {},
  dependency() {},
  entropyHealth() {},
  connectionDropped() {},
};
