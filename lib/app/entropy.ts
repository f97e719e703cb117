import { randomInt } from 'node:crypto';
import type { AgencyKeys } from '../adapters/function/agency-keys.ts';
import type { Config } from '../config/config.ts';
import { createAwsKmsSource } from '../entropy/aws-kms/aws-kms-source.ts';
import type { KmsCall } from '../entropy/aws-kms/kms-call.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import { createHuaweiKmsSource } from '../entropy/huawei-kms/huawei-kms-source.ts';
import { createMix } from '../entropy/mix.ts';
import { nodeCryptoSource } from '../entropy/node-crypto.ts';
import { createOsSource } from '../entropy/os.ts';
import type { EntropySource } from '../entropy/source.ts';
import { type MonitorOptions, monitorLocal, monitorRemote } from '../entropy/tested-source.ts';
import { RETRY_PAUSE_MAX_MS, RETRY_PAUSE_MIN_MS } from '../limits.ts';
import { createSend } from '../outbound/send.ts';

export interface ConfiguredEntropy {
  readonly draw: DrawEntropy;
  /** Whether a draw can succeed now: all sources open, or one of them where degradation was chosen. */
  readonly isReady: () => boolean;
  /** Resolves when every source behind a network has been asked once, well or not. Undefined where there is none. */
  readonly warmedUp: Promise<unknown> | undefined;
}

export interface EntropyParts extends MonitorOptions {
  readonly agencyKeys: AgencyKeys;
}

/** The configured sources, tested and mixed. */
export function createEntropy(config: Config, { agencyKeys, ...monitoring }: EntropyParts): ConfiguredEntropy {
  const warmUps: Promise<void>[] = [];
  const sources = config.ENTROPY_SOURCES.map((name) => {
    const source = createSource(name, config, agencyKeys);
    if (source.kind === 'local') return monitorLocal(source, monitoring);
    const monitored = monitorRemote(source, monitoring);
    warmUps.push(monitored.warmUp(AbortSignal.timeout(config.ENTROPY_TIMEOUT_MS)));
    return monitored;
  });
  const onFailure = config.ENTROPY_ON_FAILURE;
  const draw = createMix({ sources, onFailure, timeoutMs: config.ENTROPY_TIMEOUT_MS });
  const isReady = (): boolean =>
    onFailure === 'refuse' ? sources.every((source) => source.isOpen()) : sources.some((source) => source.isOpen());
  return { draw, isReady, warmedUp: warmUps.length > 0 ? Promise.all(warmUps) : undefined };
}

function createSource(name: Config['ENTROPY_SOURCES'][number], config: Config, agencyKeys: AgencyKeys): EntropySource {
  switch (name) {
    case 'node-crypto':
      return nodeCryptoSource;
    case 'os':
      return createOsSource();
    case 'aws-kms':
      return createAwsKmsSource({ load: loadKmsCall, pauseMs });
    case 'huawei-kms':
      return createConfiguredHuaweiKms(config, agencyKeys);
  }
}

const pauseMs = (): number => randomInt(RETRY_PAUSE_MIN_MS, RETRY_PAUSE_MAX_MS + 1);

/** In a bundle this is `kms.js` beside it. */
async function loadKmsCall(): Promise<KmsCall> {
  const { createKmsCall } = await import('../entropy/aws-kms/kms-call.ts');
  return createKmsCall();
}

function createConfiguredHuaweiKms(config: Config, agencyKeys: AgencyKeys): EntropySource {
  const { HUAWEI_KMS_URL: kmsUrl, HUAWEI_KMS_PROJECT_ID: projectId, ENTROPY_TIMEOUT_MS: timeoutMs } = config;
  if (kmsUrl === undefined || projectId === undefined) throw new TypeError('no Huawei KMS');
  const { HUAWEI_ACCESS_KEY: accessKey, HUAWEI_SECRET_KEY: secretKey, HUAWEI_SECURITY_TOKEN: securityToken } = config;
  const ownKeys = accessKey && secretKey ? { accessKey, secretKey, securityToken } : undefined;
  const keys = ownKeys === undefined ? agencyKeys : () => ownKeys;
  return createHuaweiKmsSource({ kmsUrl, projectId, keys, send: createSend(), timeoutMs, pauseMs, now: Date.now });
}
