import { MAX_IAM_ANSWER_OCTETS } from '../../limits.ts';
import type { Outcome, Send } from '../../outbound/send.ts';
import { rejected, type Undecided, type Verdict } from '../verdict.ts';
import { readTokenAnswer } from './token-answer.ts';

export interface IamVerifierOptions {
  /** Keystone v3 base, as in `IAM_URL`, without a slash at its end. */
  readonly iamUrl: string;
  /** Milliseconds for one validation, connection and retry included. */
  readonly timeoutMs: number;
  readonly send: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Asks IAM about a token with that token in both headers: a user may validate his own token without any privilege.
 * The answer of a token that IAM does not know is then 401 rather than 404; both mean the same.
 */
export function createIamVerifier(options: IamVerifierOptions): (token: string) => Promise<Verdict> {
  const url = new URL(`${options.iamUrl}/auth/tokens?nocatalog=1`);
  return async (token) => {
    const outcome = await options.send({
      method: 'GET',
      url,
      headers: { 'X-Auth-Token': token, 'X-Subject-Token': token, ...JSON_HEADERS },
      timeoutMs: options.timeoutMs,
      maxAnswerOctets: MAX_IAM_ANSWER_OCTETS,
    });
    return judge(outcome, options.now());
  };
}

// Huawei lists Content-Type as mandatory for the validation too, although a GET has no body.
const JSON_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' };

function judge(outcome: Outcome, nowMs: number): Verdict {
  if (outcome.kind === 'failed') return undecided(outcome.failure, `IAM: ${outcome.detail}`, outcome.cause);
  if (outcome.status === 200) return readTokenAnswer(outcome.body, nowMs);
  if (outcome.status === 401 || outcome.status === 404) return rejected('unknown-token');
  return undecided('bad-answer', `IAM answered ${outcome.status}`);
}

function undecided(indecision: Undecided['indecision'], detail: string, cause?: unknown): Undecided {
  return { outcome: 'undecided', indecision, detail, cause };
}
