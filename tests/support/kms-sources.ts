import assert from 'node:assert/strict';
import { createAwsKmsSource } from '../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall } from '../../lib/entropy/aws-kms/kms-call.ts';
import { createHuaweiKmsSource, type HuaweiKmsOptions } from '../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import type { RemoteSource } from '../../lib/entropy/source.ts';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';
import { createSend } from '../../lib/outbound/send.ts';
import { AWS_ENVIRONMENT, awsDialect } from './kms-aws-dialect.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from './kms-huawei-dialect.ts';

/** Short, so that tests are fast. */
export const PAUSE_MS = 30;

/** The real SDK, which finds the backend by its own variables. */
export function awsKmsAt(origin: string, pauseMs = PAUSE_MS): RemoteSource {
  Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: origin });
  return createAwsKmsSource({ load: async () => createKmsCall(), pauseMs: () => pauseMs });
}

export function huaweiKmsAt(origin: string, pauseMs = PAUSE_MS, options: Partial<HuaweiKmsOptions> = {}): RemoteSource {
  return createHuaweiKmsSource({
    kmsUrl: origin,
    projectId: HUAWEI_PROJECT_ID,
    keys: () => HUAWEI_KEYS,
    send: createSend(),
    timeoutMs: 60_000,
    pauseMs: () => pauseMs,
    now: Date.now,
    ...options,
  });
}

/** Every kind of source behind a network, by its name in `ENTROPY_SOURCES`, and how its backend speaks. */
export const KMS_SOURCES = {
  'aws-kms': { dialect: awsDialect, at: awsKmsAt },
  'huawei-kms': { dialect: huaweiDialect, at: huaweiKmsAt },
};

/** Longer than any test takes. */
export const patience = (): AbortSignal => AbortSignal.timeout(10_000);

/** The key of the error that a read ends with; undefined if it gives 64 bytes. */
export async function outcomeOf(source: RemoteSource, signal = patience()): Promise<ErrorKey | undefined> {
  try {
    assert.equal((await source.read(64, signal)).length, 64);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.match(`${error.reason} ${error.detail}`, new RegExp(`^source-\\S+ ${source.name}\\b`));
    return error.key;
  }
}
