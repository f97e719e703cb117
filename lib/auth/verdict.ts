import type { Reason } from '../reasons.ts';

/** The authenticated caller; `authorise.ts` checks permissions per request. */
export interface Principal {
  readonly projectId: string;
  /** Absent where the credential names no user. */
  readonly userId: string | undefined;
  /** The access key of a signed request. */
  readonly accessKey?: string;
  /** Role names of a token that IAM issued; undefined for credentials of our own configuration, which know no roles. */
  readonly roles: readonly string[] | undefined;
  /** True where the access rules of the token's application credential do not name this service's call. */
  readonly isBarred?: boolean;
}

/** Why a credential is refused. Each reason is one row of the error catalogue, chosen in `lib/http/authenticate.ts`. */
export type Rejection =
  | 'no-credential'
  | 'two-credentials'
  | 'malformed-token'
  | 'unknown-token'
  | 'token-malformed-to-iam'
  | 'token-too-long-for-iam'
  | 'expired-token'
  | 'unscoped-token'
  | 'malformed-signature'
  | 'signature-out-of-date'
  | 'signature-of-another-day'
  | 'signature-of-another-project'
  | 'wrong-signature';

/** Why no verdict was possible. An outage is never a refusal. */
export type Indecision = 'timeout' | 'unreachable' | 'throttled' | 'bad-answer';

export interface Accepted {
  readonly outcome: 'accepted';
  readonly principal: Principal;
  /** Milliseconds since the epoch; at this moment the credential stops being good. */
  readonly expiresAtMs: number;
}

export interface Rejected {
  readonly outcome: 'rejected';
  readonly rejection: Rejection;
}

export interface Undecided {
  readonly outcome: 'undecided';
  readonly indecision: Indecision;
  readonly reason: Reason;
  /** For the log: fixed words and numbers, nothing that a client or IAM wrote. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/**
 * A verifier has three answers: it never throws for a bad credential and never says "rejected" when it could not ask.
 */
export type Verdict = Accepted | Rejected | Undecided;

export function rejected(rejection: Rejection): Rejected {
  return { outcome: 'rejected', rejection };
}

/** How a credential was judged: from memory, with a question on its way, with one of its own, or without IAM. */
export type Judgement = 'hit' | 'shared' | 'asked' | 'local';

/** Who waits for a verdict. */
export interface Asker {
  /** Milliseconds that are left for work; absent: as long as it takes. */
  readonly remainingMs?: (() => number) | undefined;
  /** Is told how the credential was judged. */
  readonly trail: { auth?: Judgement };
}

/** Judges one token. Answers at once where it knows, later where it has to ask. */
export type VerifyToken = (token: string, asker: Asker) => Verdict | Promise<Verdict>;

/** What a credential is judged by: a part of `HttpRequest`. */
export interface JudgedRequest extends Asker {
  readonly method: string;
  /** The paths, without the query, that the client may have signed. */
  readonly signedPaths: readonly string[];
  /** Names and values of the query, decoded. */
  readonly query: () => readonly (readonly [name: string, value: string])[];
  /** Every value that the request has under a name. @param name lower case */
  readonly headerValues: (name: string) => readonly string[];
  /** @throws {ServiceError} `body-too-long` */
  readonly receiveBody: () => string | Buffer | Promise<string | Buffer>;
}
