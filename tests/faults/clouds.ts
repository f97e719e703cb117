import type { TestContext } from 'node:test';
import type { Environment } from '../../lib/config/config.ts';
import type { Outcome } from '../../lib/telemetry/observer.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../support/kms-aws-dialect.ts';
import { type Dialect, type KmsBackend, startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../support/kms-huawei-dialect.ts';
import { STATIC } from '../support/started-service.ts';
import { startWorld, timeoutFor, type World } from './world.ts';

export interface Cloud {
  readonly name: string;
  readonly dialect: Dialect;
  readonly environment: (origin: string) => Environment;
}

export const AWS: Cloud = {
  name: 'aws-kms',
  dialect: awsDialect,
  environment(origin) {
    // The SDK reads them where no argument of ours reaches it.
    Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: origin });
    return AWS_ENVIRONMENT;
  },
};

export const CLOUDS: readonly Cloud[] = [
  AWS,
  {
    name: 'huawei-kms',
    dialect: huaweiDialect,
    environment: (origin) => ({
      HUAWEI_KMS_URL: origin,
      HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
      HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
      HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
      HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
    }),
  },
];

interface Choice {
  readonly onFailure: 'refuse' | 'degrade';
  /** How the source is going to fail. */
  readonly outcome: Outcome;
}

export async function startCloud(context: TestContext, cloud: Cloud, choice: Choice) {
  const kms = await startKmsBackend(cloud.dialect);
  context.after(() => kms.close());
  return { kms, world: await startOn(context, cloud, kms, choice) };
}

export async function startOn(
  context: TestContext,
  cloud: Cloud,
  kms: KmsBackend,
  { onFailure, outcome }: Choice,
): Promise<World> {
  const world = await startWorld(context, {
    ...STATIC,
    ...cloud.environment(kms.origin),
    ENTROPY_SOURCES: `node-crypto,os,${cloud.name}`,
    ENTROPY_ON_FAILURE: onFailure,
    ENTROPY_TIMEOUT_MS: timeoutFor(outcome),
  });
  await world.heals(5_000);
  return world;
}

/** The series of the draws from a source that ended so. */
export function drawsOf(dependency: string, outcome: Outcome): string {
  return `gen_random_dependency_requests_total{dependency="${dependency}",outcome="${outcome}"}`;
}
