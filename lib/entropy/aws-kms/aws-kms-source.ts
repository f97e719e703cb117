import { type AttemptFailure, createRemoteSource } from '../remote-source.ts';
import type { RemoteSource } from '../source.ts';
import type { KmsCall } from './kms-call.ts';
import { kmsFailure } from './kms-failure.ts';

export interface AwsKmsOptions {
  /** Loads the SDK. Called once and immediately: a function loads it during init, where that costs least. */
  readonly load: () => Promise<KmsCall>;
  /** Milliseconds before the second attempt. */
  readonly pauseMs: () => number;
}

/** AWS KMS GenerateRandom: 1 to 1024 bytes from the hardware security modules of the region. */
export function createAwsKmsSource({ load, pauseMs }: AwsKmsOptions): RemoteSource {
  const loading: Promise<KmsCall | AttemptFailure> = load().catch(notLoaded);
  return createRemoteSource({
    name: 'aws-kms',
    pauseMs,
    async attempt(length, signal) {
      const call = await loading;
      return typeof call === 'function' ? ask(call, length, signal) : call;
    },
  });
}

async function ask(call: KmsCall, length: number, signal: AbortSignal): Promise<Uint8Array | AttemptFailure> {
  try {
    const bytes = await call(length, signal);
    if (bytes?.length !== length) return wrongLength();
    // The SDK decodes into memory that other buffers share. The caller must own its array.
    const own = Uint8Array.from(bytes);
    bytes.fill(0);
    return own;
  } catch (error) {
    return kmsFailure(error);
  }
}

/** The SDK passes on answers that are short or contain no bytes. */
function wrongLength(): AttemptFailure {
  return {
    key: 'backend-unavailable',
    reason: 'source-bad-answer',
    detail: 'a wrong number of bytes',
    isPassing: false,
  };
}

function notLoaded(cause: unknown): AttemptFailure {
  const detail = 'no SDK beside it: kms.js was not loaded';
  return { key: 'backend-unavailable', reason: 'source-failed', detail, isPassing: false, cause };
}
