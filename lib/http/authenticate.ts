import { hash } from 'node:crypto';
import type { JudgeCredential } from '../auth/judge-credential.ts';
import { readToken } from '../auth/token.ts';
import type { Rejection, Verdict } from '../auth/verdict.ts';
import { type ErrorKey, ServiceError } from '../errors.ts';
import type { HttpRequest } from './http-request.ts';
import type { Middleware } from './middleware.ts';

const ERROR_OF_REJECTION: Readonly<Record<Rejection, ErrorKey>> = {
  'no-credential': 'credential-missing',
  'malformed-token': 'credential-missing',
  'unknown-token': 'token-unknown',
  'token-malformed-to-iam': 'token-unknown',
  'token-too-long-for-iam': 'token-unknown',
  'expired-token': 'token-expired',
  'unscoped-token': 'token-unscoped',
  'two-credentials': 'credential-missing',
  'malformed-signature': 'signature-refused',
  'signature-out-of-date': 'signature-refused',
  'signature-of-another-day': 'signature-refused',
  'signature-of-another-project': 'signature-refused',
  'wrong-signature': 'signature-refused',
};

/**
 * Leaves the principal in the trail, or throws. A verdict that is known already costs no turn of the event loop.
 *
 * @param monotonicMs milliseconds of a clock that is never set back
 */
export function authenticate(judge: JudgeCredential, monotonicMs: () => number): Middleware {
  return {
    before({ event: request }) {
      const { trail } = request;
      const startedAtMs = monotonicMs();
      const settle = (verdict: Verdict): void => {
        trail.authMs = monotonicMs() - startedAtMs;
        take(verdict, request);
      };
      const verdict = judge(request, trail.projectId ?? '');
      return verdict instanceof Promise ? verdict.then(settle) : settle(verdict);
    },
  };
}

function take(verdict: Verdict, { trail, headerValues }: HttpRequest): void {
  switch (verdict.outcome) {
    case 'accepted':
      trail.principal = verdict.principal;
      return;
    case 'rejected': {
      const key = ERROR_OF_REJECTION[verdict.rejection];
      if (key === 'token-unknown' || key === 'token-expired') trail.tokenFingerprint = fingerprint(headerValues);
      throw new ServiceError(key, { reason: verdict.rejection });
    }
    case 'undecided': {
      const key = verdict.indecision === 'timeout' ? 'backend-timeout' : 'backend-unavailable';
      throw new ServiceError(key, { reason: verdict.reason, detail: verdict.detail, cause: verdict.cause });
    }
  }
}

/** Enough of a refused token's SHA-256 to tell one from another in a log, and to find it when its owner asks. */
function fingerprint(headerValues: HttpRequest['headerValues']): string {
  const reading = readToken(headerValues('x-auth-token'));
  return reading.kind === 'token' ? hash('sha256', reading.token, 'hex').slice(0, 8) : '';
}
