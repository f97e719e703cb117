import { type AccessKeys, signRequest } from '../../huawei-signing/sign-request.ts';
import { BITS_PER_BYTE, MAX_KMS_ANSWER_BYTES } from '../../limits.ts';
import type { Outcome, Send } from '../../outbound/send.ts';
import { type AttemptFailure, createRemoteSource, type SourceReason, TIMED_OUT } from '../remote-source.ts';
import type { RemoteSource } from '../source.ts';
import { readRandomData } from './random-data.ts';

export interface HuaweiKmsOptions {
  /** The KMS endpoint's origin, as in `HUAWEI_KMS_URL`. */
  readonly kmsUrl: string;
  readonly projectId: string;
  /** Called for every attempt, because temporary keys rotate. Undefined: there are no keys now. */
  readonly keys: () => AccessKeys | undefined;
  readonly send: Send;
  /** Milliseconds after which an attempt ends even without its signal. */
  readonly timeoutMs: number;
  /** Milliseconds before the second attempt. */
  readonly pauseMs: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Gen-random of the KMS of Huawei, or of another service that answers like it: 1 to 1024 bytes. */
export function createHuaweiKmsSource(options: HuaweiKmsOptions): RemoteSource {
  const { projectId, keys, send, timeoutMs, pauseMs, now } = options;
  const url = new URL(`/v1.0/${projectId}/kms/gen-random`, options.kmsUrl);
  return createRemoteSource({
    name: 'huawei-kms',
    pauseMs,
    async attempt(length, signal) {
      const current = keys();
      if (current === undefined) return unavailable('source-refused', 'no access keys');
      const body = JSON.stringify({ random_data_length: String(length * BITS_PER_BYTE) });
      const headers = signRequest({ url, body, projectId, keys: current, nowMs: now() });
      // A second one has bytes of its own and changes nothing there; it costs a call.
      const request = { method: 'POST', url, headers, body, isRepeatable: true, timeoutMs, signal } as const;
      return judge(await send({ ...request, maxAnswerBytes: MAX_KMS_ANSWER_BYTES }), length);
    },
  });
}

/** The service does not retry a refused request: Huawei locks a key for five minutes after five failures. */
function judge(outcome: Outcome, length: number): Uint8Array | AttemptFailure {
  if (outcome.kind === 'failed') {
    const { failure, detail, cause } = outcome;
    if (failure === 'timeout') return { ...TIMED_OUT, detail, cause };
    const isPassing = failure === 'unreachable';
    return { ...unavailable(isPassing ? 'source-unreachable' : 'source-bad-answer', detail), isPassing, cause };
  }
  const { status, body } = outcome;
  if (status === 429) return { key: 'throttled', reason: 'source-throttled', isPassing: true };
  if (status >= 500) return { ...unavailable('source-error', `answered ${status}`), isPassing: true };
  if (status !== 200) return unavailable('source-refused', `answered ${status}`);
  return readRandomData(body, length) ?? unavailable('source-bad-answer', 'a wrong form or length');
}

function unavailable(reason: SourceReason, detail: string): AttemptFailure {
  return { key: 'backend-unavailable', reason, detail, isPassing: false };
}
