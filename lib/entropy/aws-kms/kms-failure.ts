import { member } from '../../json.ts';
import { type AttemptFailure, TIMED_OUT } from '../remote-source.ts';

/**
 * What an error of the SDK means. This reads members, because the SDK is a bundle of its own and `instanceof` fails
 * across bundles. The service does not retry a refused call.
 */
export function kmsFailure(cause: unknown): AttemptFailure {
  const { name, code, status, isSkewCorrected } = readError(cause);
  if (status === 429 || THROTTLING.has(name)) {
    return { key: 'throttled', reason: 'source-throttled', isPassing: true, cause };
  }
  if (status !== undefined && status >= 400) {
    const isPassing = status >= 500 || isSkewCorrected || name === WRONG_SIGNATURE;
    const reason = status >= 500 ? 'source-error' : 'source-refused';
    return { key: 'backend-unavailable', reason, detail: `answered ${status}`, isPassing, cause };
  }
  // A success that the SDK could not read.
  if (status !== undefined) {
    return { key: 'backend-unavailable', reason: 'source-bad-answer', detail: 'malformed', isPassing: false, cause };
  }
  if (code === 'ETIMEDOUT') return { ...TIMED_OUT, detail: code, isPassing: true, cause };
  if (CONNECTION.has(code)) {
    return { key: 'backend-unavailable', reason: 'source-unreachable', detail: code, isPassing: true, cause };
  }
  const detail = name === 'CredentialsProviderError' ? 'no credentials' : 'in the SDK';
  return { key: 'backend-unavailable', reason: 'source-failed', detail, isPassing: false, cause };
}

/** KMS throttles with HTTP 400 and the first name. The others are those of other AWS services. */
const THROTTLING = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);

/**
 * KMS also answers this when the clock is wrong. The SDK learns the right time from the answer, but says so only if the
 * clocks are at least four minutes apart, and not after a wrong clock was corrected.
 */
const WRONG_SIGNATURE = 'InvalidSignatureException';

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

interface ErrorMembers {
  readonly name: string;
  /** The error code of the system. */
  readonly code: string;
  readonly status: number | undefined;
  /** The SDK learnt the right time from this answer: the next signature will be right. */
  readonly isSkewCorrected: boolean;
}

function readError(error: unknown): ErrorMembers {
  const metadata = member(error, '$metadata');
  const status = member(metadata, 'httpStatusCode');
  return {
    name: String(member(error, 'name')),
    code: String(member(error, 'code')),
    status: typeof status === 'number' ? status : undefined,
    isSkewCorrected: member(metadata, 'clockSkewCorrected') === true,
  };
}
