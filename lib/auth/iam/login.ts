import { SERVICE_TOKEN_MARGIN_MS } from '../../limits.ts';
import type { Outcome } from '../../outbound/send.ts';
import type { Undecided } from '../verdict.ts';
import { badAnswer, badStatus, readTokenDocument, undecidedBy } from './answer.ts';

/** As in `IAM_SERVICE_*`. */
export interface ServiceAccount {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  readonly project: string;
}

/** The service's own token, as IAM issued it. Times are milliseconds since the epoch. */
export interface OwnToken {
  readonly token: string;
  readonly expiresAtMs: number;
  /** From then on another one is asked for. */
  readonly renewAtMs: number;
}

/** The body of `POST /v3/auth/tokens` (Identity API v3, "Password authentication with scoped authorization"). */
export function loginBody({ user, password, domain, project }: ServiceAccount): string {
  const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: domain } } } };
  return JSON.stringify({ auth: { identity, scope: { project: { name: project, domain: { name: domain } } } } });
}

/** @returns the token, or why there is none; reason `iam-login-refused` means that IAM does not take the account */
export function readLogin(outcome: Outcome, nowMs: number): OwnToken | Undecided {
  if (outcome.kind === 'failed') return undecidedBy(outcome, 'iam-login');
  const { status, headers, body } = outcome;
  if (status === 401 || status === 403) return badAnswer(`answered ${status}`, 'iam-login-refused');
  if (status !== 201) return badStatus(status, 'iam-login');
  const token = headers['x-subject-token'];
  const expiresAtMs = readTokenDocument(body)?.expiresAtMs;
  if (typeof token !== 'string' || token === '' || expiresAtMs === undefined) {
    return badAnswer('answered 201 and no token', 'iam-login-bad-answer');
  }
  if (expiresAtMs <= nowMs) return badAnswer('answered an expired token', 'iam-login-bad-answer');
  return { token, expiresAtMs, renewAtMs: expiresAtMs - Math.min(SERVICE_TOKEN_MARGIN_MS, (expiresAtMs - nowMs) / 2) };
}
