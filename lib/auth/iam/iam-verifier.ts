import { MAX_IAM_ANSWER_BYTES } from '../../limits.ts';
import type { Outcome, Send } from '../../outbound/send.ts';
import { rejected, type Verdict } from '../verdict.ts';
import { badAnswer, undecidedBy } from './answer.ts';
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
    const headers = { 'X-Auth-Token': asker, 'X-Subject-Token': subject, ...JSON_HEADERS };
    return send({ method: 'GET', url, headers, timeoutMs: leftMs, maxAnswerBytes: MAX_IAM_ANSWER_BYTES });
  }

  /** A user may validate his own token without any privilege; one that IAM does not know is then 401 rather than 404. */
  async function validateByItself(token: string): Promise<Verdict> {
    const outcome = await ask(token, token, timeoutMs);
    if (outcome.kind === 'answer' && outcome.status === 401) return rejected('unknown-token');
    return judge(outcome, now(), keepRoles);
  }

  /** Here a 401 speaks of the service's own token: renewed once, at once, so that a stale one does not refuse every caller. */
  async function validateBy(own: ServiceToken, token: string): Promise<Verdict> {
    const endsAtMs = monotonicMs() + timeoutMs;
    const leftMs = (): number => Math.max(1, endsAtMs - monotonicMs());
    let asker = await own.current(endsAtMs);
    if ('outcome' in asker) return asker;
    let outcome = await ask(asker.token, token, leftMs());
    if (outcome.kind === 'answer' && outcome.status === 401) {
      asker = await own.renewed(asker, endsAtMs);
      if ('outcome' in asker) return asker;
      outcome = await ask(asker.token, token, leftMs());
    }
    return judge(outcome, now(), keepRoles);
  }

  return serviceToken === undefined ? validateByItself : (token) => validateBy(serviceToken, token);
}

// Huawei lists Content-Type as mandatory for the validation too, although a GET has no body.
const JSON_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' };

function judge(outcome: Outcome, nowMs: number, keepRoles: ReadonlySet<string> | undefined): Verdict {
  if (outcome.kind === 'failed') return undecidedBy(outcome, 'iam');
  if (outcome.status === 200) return readTokenAnswer(outcome.body, nowMs, keepRoles);
  if (outcome.status === 404) return rejected('unknown-token');
  return badAnswer(`answered ${outcome.status}`);
}
