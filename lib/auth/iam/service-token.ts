import { withDeadline } from '../../deadline.ts';
import { MAX_IAM_ANSWER_BYTES, SERVICE_LOGIN_PAUSE_MS, SERVICE_TOKEN_MARGIN_MS } from '../../limits.ts';
import type { Answer, Send } from '../../outbound/send.ts';
import type { Undecided } from '../verdict.ts';
import { badAnswer, readTokenDocument, undecidedBy } from './answer.ts';

/** As in `IAM_SERVICE_*`. */
export interface ServiceAccount {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  readonly project: string;
}

export interface ServiceTokenOptions {
  /** Keystone v3 base, without a slash at its end. */
  readonly iamUrl: string;
  readonly account: ServiceAccount;
  readonly send: Send;
  /** Milliseconds for one login, whoever waits for it. */
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
}

/** The service's own token, as IAM issued it. */
export interface OwnToken {
  readonly token: string;
  /** Milliseconds since the epoch; from then on another one is asked for. */
  readonly renewAtMs: number;
}

export interface ServiceToken {
  /** The token, from IAM if there is none or its end is near. @param endsAtMs how long the caller may wait, on the monotonic clock */
  current(endsAtMs: number): Promise<OwnToken | Undecided>;
  /** A token other than the one that IAM has just refused. */
  renewed(refused: OwnToken, endsAtMs: number): Promise<OwnToken | Undecided>;
}

/**
 * Logs in with the service's own account when a token is needed, once for all who wait. What IAM refuses, the account or a token
 * just renewed, is not tried again at once: Huawei locks an account after five failures.
 */
export function createServiceToken(options: ServiceTokenOptions): ServiceToken {
  const { iamUrl, account, send, timeoutMs, now, monotonicMs } = options;
  const url = new URL(`${iamUrl}/auth/tokens?nocatalog=1`);
  const headers = { 'Content-Type': 'application/json;charset=utf8', Accept: 'application/json' };
  const body = loginBody(account);
  let own: OwnToken | undefined;
  let login: Promise<OwnToken | Undecided> | undefined;
  let refusedAtMs = Number.NEGATIVE_INFINITY;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  const isPause = (sinceMs: number): boolean => now() >= sinceMs && now() < sinceMs + SERVICE_LOGIN_PAUSE_MS;

  async function logIn(): Promise<OwnToken | Undecided> {
    const outcome = await send({
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs,
      maxAnswerBytes: MAX_IAM_ANSWER_BYTES,
    });
    if (outcome.kind === 'failed') return undecidedBy(outcome, 'iam-login');
    own = outcome.status === 201 ? readOwnToken(outcome, now()) : undefined;
    if (own !== undefined) return own;
    refusedAtMs = now();
    return badAnswer(`answered ${outcome.status} and no token`, 'iam-login-refused');
  }

  async function current(endsAtMs: number): Promise<OwnToken | Undecided> {
    if (own !== undefined && now() < own.renewAtMs) return own;
    if (isPause(refusedAtMs)) return badAnswer('a moment ago', 'iam-login-refused');
    const joined = login;
    login ??= logIn().finally(() => {
      login = undefined;
    });
    const first = await withDeadline(login, endsAtMs - monotonicMs(), () => LATE);
    // A login that others began may run out of its time while there is time left here.
    const mayTryAgain = joined !== undefined && isTimeout(first) && monotonicMs() < endsAtMs;
    return mayTryAgain ? current(endsAtMs) : first;
  }

  return {
    current,
    async renewed(refused, endsAtMs) {
      // Of many who met the same refusal only the first logs in.
      if (own === refused) {
        if (isPause(renewedAtMs)) return badAnswer('its token, although it is new', 'iam-login-refused');
        own = undefined;
        renewedAtMs = now();
      }
      return current(endsAtMs);
    },
  };
}

function isTimeout(result: OwnToken | Undecided): boolean {
  return 'outcome' in result && result.indecision === 'timeout';
}

const LATE: Undecided = { outcome: 'undecided', indecision: 'timeout', reason: 'iam-login-timeout' };

function readOwnToken(answer: Answer, nowMs: number): OwnToken | undefined {
  const token = answer.headers['x-subject-token'];
  const expiresAtMs = readTokenDocument(answer.body)?.expiresAtMs;
  if (typeof token !== 'string' || token === '' || expiresAtMs === undefined) return undefined;
  return { token, renewAtMs: expiresAtMs - Math.min(SERVICE_TOKEN_MARGIN_MS, (expiresAtMs - nowMs) / 2) };
}

function loginBody({ user, password, domain, project }: ServiceAccount): string {
  const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: domain } } } };
  return JSON.stringify({ auth: { identity, scope: { project: { name: project, domain: { name: domain } } } } });
}
