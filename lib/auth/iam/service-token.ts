import { withDeadline } from '../../deadline.ts';
import {
  MAX_IAM_ANSWER_BYTES,
  SERVICE_LOGIN_PAUSE_MS,
  SERVICE_LOGIN_RETRY_MAX_MS,
  SERVICE_LOGIN_RETRY_MIN_MS,
} from '../../limits.ts';
import type { Send } from '../../outbound/send.ts';
import type { Undecided } from '../verdict.ts';
import { badAnswer } from './answer.ts';
import { loginBody, type OwnToken, readLogin, type ServiceAccount } from './login.ts';

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
  /** By what a pause is multiplied, 0.5 to 1: instances that failed together must not come back together. */
  readonly jitter: () => number;
  /** Is told of every login; `failure` is undefined for a good one. */
  readonly onLogin?: (failure: Undecided | undefined, tookMs: number) => void;
}

export interface ServiceToken {
  /**
   * The token, from IAM if there is none that is still good.
   *
   * @param endsAtMs how long the caller may wait, on the monotonic clock
   */
  current(endsAtMs: number): Promise<OwnToken | Undecided>;
  /** A token other than the one that IAM has just refused. */
  renewed(refused: OwnToken, endsAtMs: number): Promise<OwnToken | Undecided>;
}

/** No login before its end. */
interface Pause {
  readonly fromMs: number;
  readonly lengthMs: number;
  /** Of the login that it follows. */
  readonly failure: Undecided;
}

/**
 * Logs in with the service's own account when a token is needed, once for all who wait. Near its end a token is renewed
 * while it is still used, so a login that fails costs nobody anything before that.
 */
export function createServiceToken(options: ServiceTokenOptions): ServiceToken {
  const { iamUrl, account, send, timeoutMs, now, monotonicMs, jitter, onLogin } = options;
  const url = new URL(`${iamUrl}/auth/tokens?nocatalog=1`);
  const headers = { 'Content-Type': 'application/json;charset=utf8', Accept: 'application/json' };
  // A refused password counts towards the lock of the account each time that it is sent.
  const request = { method: 'POST', url, headers, body: loginBody(account), isRepeatable: false, timeoutMs } as const;
  let own: OwnToken | undefined;
  let login: Promise<OwnToken | Undecided> | undefined;
  let pause: Pause | undefined;
  let failures = 0;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  // A clock that was set back must not lengthen a pause.
  const isWithin = (fromMs: number, lengthMs: number): boolean => now() >= fromMs && now() < fromMs + lengthMs;

  async function logIn(): Promise<OwnToken | Undecided> {
    const startedAtMs = monotonicMs();
    const result = readLogin(await send({ ...request, maxAnswerBytes: MAX_IAM_ANSWER_BYTES }), now());
    onLogin?.('token' in result ? undefined : result, monotonicMs() - startedAtMs);
    if ('token' in result) {
      own = result;
      failures = 0;
    } else {
      pause = { fromMs: now(), lengthMs: pauseAfter(result), failure: { ...result, detail: 'a moment ago' } };
      failures += 1;
    }
    return result;
  }

  function pauseAfter({ reason, indecision }: Undecided): number {
    if (reason === 'iam-login-refused') return SERVICE_LOGIN_PAUSE_MS;
    // It has taken its time already.
    if (indecision === 'timeout') return 0;
    return Math.min(SERVICE_LOGIN_RETRY_MAX_MS, SERVICE_LOGIN_RETRY_MIN_MS * 2 ** failures) * jitter();
  }

  /** One login for all who need one. @returns instead, during a pause, what the last one came to */
  function logInOnce(): Promise<OwnToken | Undecided> | Undecided {
    if (login === undefined && pause !== undefined && isWithin(pause.fromMs, pause.lengthMs)) return pause.failure;
    login ??= logIn().finally(() => {
      login = undefined;
    });
    return login;
  }

  async function current(endsAtMs: number): Promise<OwnToken | Undecided> {
    if (own !== undefined && now() < own.expiresAtMs) {
      if (now() >= own.renewAtMs) void logInOnce();
      return own;
    }
    const joined = login;
    const running = logInOnce();
    if (!(running instanceof Promise)) return running;
    const first = await withDeadline(running, endsAtMs - monotonicMs(), () => LATE);
    // A login that others began may run out of its time while there is time left here.
    const mayTryAgain = joined !== undefined && isTimeout(first) && monotonicMs() < endsAtMs;
    return mayTryAgain ? current(endsAtMs) : first;
  }

  return {
    current,
    async renewed(refused, endsAtMs) {
      // Of many who met the same refusal only the first logs in.
      if (own === refused) {
        if (isWithin(renewedAtMs, SERVICE_LOGIN_PAUSE_MS)) {
          return badAnswer('its token, although it is new', 'iam-login-refused');
        }
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
