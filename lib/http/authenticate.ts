import type { SignedRequest } from '../auth/aksk/signature-verifier.ts';
import type { Authenticate } from '../auth/judge-credential.ts';
import type { Rejection, Verdict } from '../auth/verdict.ts';
import { beforePlatformDeadline } from '../deadline.ts';
import { type ErrorKey, ServiceError } from '../errors.ts';
import { bodyBytes } from './body.ts';
import { type Exchange, type HttpEvent, headerValues, type Middleware } from './http-request.ts';

const ERROR_OF_REJECTION: Readonly<Record<Rejection, ErrorKey>> = {
  'no-credential': 'credential-missing',
  'malformed-token': 'credential-missing',
  'unknown-token': 'token-unknown',
  'expired-token': 'token-expired',
  'unscoped-token': 'token-unscoped',
  'two-credentials': 'credential-missing',
  'malformed-signature': 'signature-refused',
  'signature-out-of-date': 'signature-refused',
  'signature-of-another-project': 'signature-refused',
  'wrong-signature': 'signature-refused',
};

/** Leaves the principal in the trail, or throws. A verdict that is known already costs no turn of the event loop. */
export function authenticate(judge: Authenticate): Middleware {
  return {
    before(exchange) {
      const { event } = exchange;
      const verdict = judge(signedRequestOf(event));
      if (!(verdict instanceof Promise)) return settle(exchange, verdict);
      return beforePlatformDeadline(verdict, event.remainingMs).then((late) => settle(exchange, late));
    },
  };
}

function signedRequestOf(event: HttpEvent): SignedRequest {
  return {
    method: event.method,
    paths: event.sentPath === event.path ? [event.path] : [event.sentPath, event.path],
    projectId: event.trail.projectId ?? '',
    query: event.query,
    headerValues: (name) => headerValues(event, name),
    bodyBytes: () => bodyBytes(event),
  };
}

function settle(exchange: Exchange, verdict: Verdict): void {
  switch (verdict.outcome) {
    case 'accepted':
      exchange.event.trail.principal = verdict.principal;
      return;
    case 'rejected':
      throw new ServiceError(ERROR_OF_REJECTION[verdict.rejection], { reason: verdict.rejection });
    case 'undecided': {
      const key = verdict.indecision === 'timeout' ? 'backend-timeout' : 'backend-unavailable';
      throw new ServiceError(key, { reason: verdict.detail, cause: verdict.cause });
    }
  }
}
