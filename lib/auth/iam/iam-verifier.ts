import { MAX_IAM_ANSWER_BYTES } from '../../limits.ts';
import type { Outcome, Send } from '../../outbound/send.ts';
import { rejected, type Verdict } from '../verdict.ts';
import { badStatus, isKeystoneError, refusesAsker, undecidedBy } from './answer.ts';
import type { ServiceToken } from './service-token.ts';
import { readTokenAnswer } from './token-answer.ts';

export interface IamVerifierOptions {
  /** Keystone v3 base, as in `IAM_URL`, without a slash at its end. */
  readonly iamUrl: string;
  /** Milliseconds for one validation, connection, retry and login included. */
  readonly timeoutMs: number;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  /** Role names worth remembering, of the hundreds that a token may carry; absent: all. */
  readonly keepRoles?: ReadonlySet<string>;
  /** The service's own token; without it the caller's own token asks for itself. */
  readonly serviceToken?: ServiceToken | undefined;
}

/** Asks IAM about a token (Identity API v3, "Validate and show information for token"). */
export function createIamVerifier(options: IamVerifierOptions): (token: string) => Promise<Verdict> {
  const { iamUrl, timeoutMs, send, now, monotonicMs, serviceToken, keepRoles } = options;
  const url = new URL(`${iamUrl}/auth/tokens?nocatalog=1`);

  function ask(asker: string, subject: string, leftMs: number): Promise<Outcome> {
    const headers = { 'X-Auth-Token': asker, 'X-Subject-Token': subject, ...HEADERS };
    const request = { method: 'GET', url, headers, isRepeatable: true, timeoutMs: leftMs } as const;
    return send({ ...request, maxAnswerBytes: MAX_IAM_ANSWER_BYTES });
  }

  function judge(outcome: Outcome): Verdict {
    if (outcome.kind === 'failed') return undecidedBy(outcome, 'iam');
    const { status, body } = outcome;
    if (status === 200) return readTokenAnswer(body, now(), keepRoles);
    if (status === 404) return rejected('unknown-token');
    if (TOO_LONG.has(status)) return rejected('token-too-long-for-iam');
    // Whoever stands before IAM may find fault with the service's own token, and a stranger has no part in that.
    if (status === 400 && (serviceToken === undefined || isKeystoneError(body)))
      return rejected('token-malformed-to-iam');
    return badStatus(status, 'iam');
  }

  /** Users may validate their own token without any privilege. One that IAM does not know is refused as the asker. */
  async function validateByItself(token: string): Promise<Verdict> {
    const outcome = await ask(token, token, timeoutMs);
    return refusesAsker(outcome) ? rejected('unknown-token') : judge(outcome);
  }

  /** The asker is the service's own token. It is renewed once, so that a stale one does not fail every caller. */
  async function validateBy(own: ServiceToken, token: string): Promise<Verdict> {
    const endsAtMs = monotonicMs() + timeoutMs;
    const leftMs = (): number => Math.max(1, endsAtMs - monotonicMs());
    let asker = await own.current(endsAtMs);
    if ('outcome' in asker) return asker;
    let outcome = await ask(asker.token, token, leftMs());
    if (refusesAsker(outcome)) {
      asker = await own.renewed(asker, endsAtMs);
      if ('outcome' in asker) return asker;
      outcome = await ask(asker.token, token, leftMs());
    }
    return judge(outcome);
  }

  return serviceToken === undefined ? validateByItself : (token) => validateBy(serviceToken, token);
}

const HEADERS = {
  Accept: 'application/json',
  // Huawei lists it as mandatory for the validation too, although a GET has no body.
  'Content-Type': 'application/json;charset=utf8',
  // Without it Keystone answers 404 to a token with access rules: who validates such a token must judge them.
  'OpenStack-Identity-Access-Rules': '1.0',
};

/** The one part of a validation that varies in length is the token. */
const TOO_LONG = new Set([413, 414, 431]);
