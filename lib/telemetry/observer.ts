import type { HealthEvent } from '../entropy/tested-source.ts';

export interface ObservedRequest {
  readonly status: number;
  /** Of the error catalogue; undefined for a success. */
  readonly code: string | undefined;
  readonly seconds: number | undefined;
  readonly bitLength: number | undefined;
  readonly omitted: readonly string[];
}

/** How a token was judged: from memory, by joining a question that was on its way, or by asking. */
export type VerificationResult = 'hit' | 'shared' | 'accepted' | 'rejected' | 'undecided';

/** Is told what happens, to count it. Gets no secret and nothing that grows without bound. */
export interface Observer {
  request(request: ObservedRequest): void;
  /** @param seconds of a question to IAM */
  verification(result: VerificationResult, seconds?: number): void;
  entropyHealth(source: string, event: HealthEvent): void;
}

/** Where nobody counts: on function platforms the audit line is the source of all metrics. */
export const NO_OBSERVER: Observer = { request() {}, verification() {}, entropyHealth() {} };
