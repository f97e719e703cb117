/** Who asks, as the verifier found him. What he may do is judged per request, in `authorise.ts`. */
export interface Principal {
  readonly projectId: string;
  /** Absent where the credential names no user. */
  readonly userId: string | undefined;
  /** The access key of a signed request. */
  readonly accessKey?: string;
  /** Role names of a token that IAM issued; undefined for credentials of our own configuration, which know no roles. */
  readonly roles: readonly string[] | undefined;
}

/** Why a credential is refused. Each reason is one row of the error catalogue, chosen in `lib/http/authenticate.ts`. */
export type Rejection =
  | 'no-credential'
  | 'two-credentials'
  | 'malformed-token'
  | 'unknown-token'
  | 'expired-token'
  | 'unscoped-token'
  | 'malformed-signature'
  | 'signature-out-of-date'
  | 'signature-of-another-project'
  | 'wrong-signature';

/** Why no verdict was possible. An outage is never a refusal. */
export type Indecision = 'timeout' | 'unreachable' | 'bad-answer';

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
  /** For the log: fixed words and numbers, nothing that a client or IAM wrote. */
  readonly detail: string;
  readonly cause?: unknown;
}

/** A verifier has three answers: it never throws for a bad credential and never says "rejected" when it could not ask. */
export type Verdict = Accepted | Rejected | Undecided;

export function rejected(rejection: Rejection): Rejected {
  return { outcome: 'rejected', rejection };
}

/** Judges one token. Answers at once where it knows, later where it has to ask. */
export type VerifyToken = (token: string) => Verdict | Promise<Verdict>;
