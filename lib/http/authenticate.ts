import type { JudgeCredential } from '../auth/judge-credential.ts';
import type { Rejection, Verdict } from '../auth/verdict.ts';
import { type ErrorKey, ServiceError } from '../errors.ts';
import type { Trail } from '../telemetry/audit-line.ts';
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

/** Leaves the principal in the trail, or throws. A verdict that is known already costs no turn of the event loop. */
export function authenticate(judge: JudgeCredential): Middleware {
  return {
    before({ event: request }) {
      const { trail } = request;
      const verdict = judge(request, trail.projectId ?? '');
      if (verdict instanceof Promise) return verdict.then((late) => settle(trail, late));
      return settle(trail, verdict);
    },
  };
}

function settle(trail: Trail, verdict: Verdict): void {
  switch (verdict.outcome) {
    case 'accepted':
      trail.principal = verdict.principal;
      return;
    case 'rejected':
      throw new ServiceError(ERROR_OF_REJECTION[verdict.rejection], { reason: verdict.rejection });
    case 'undecided': {
      const key = verdict.indecision === 'timeout' ? 'backend-timeout' : 'backend-unavailable';
      throw new ServiceError(key, { reason: verdict.reason, detail: verdict.detail, cause: verdict.cause });
    }
  }
}
