import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createAuthenticator } from './auth/authenticator.ts';
import { createCachedVerifier } from './auth/cached-verifier.ts';
import { createIamVerifier } from './auth/iam/iam-verifier.ts';
import { type Config, type Environment, parseConfig } from './config.ts';
import { createMix } from './entropy/mix.ts';
import { nodeCryptoSource } from './entropy/node-crypto.ts';
import { createOsSource, KERNEL_RANDOM_DEVICE } from './entropy/os.ts';
import type { LocalSource } from './entropy/source.ts';
import { createHttpFunction, type HttpFunction } from './http/http-function.ts';
import { createPipeline, type Pipeline } from './http/pipeline.ts';
import { createLog, type Log, type WriteLine } from './log.ts';
import { createSend } from './outbound/send.ts';

/** The running parts of one process. */
export interface App {
  readonly config: Config;
  readonly log: Log;
  readonly pipeline: Pipeline;
  readonly freshRequestId: () => string;
}

/** Puts the concrete parts together; the only file that knows them all. @throws {ConfigError} */
export function createApp(environment: Environment, writeLine: WriteLine): App {
  const config = parseConfig(environment, { hasKernelRandom: existsSync(KERNEL_RANDOM_DEVICE) });
  const now = Date.now;
  const log = createLog({ level: config.LOG_LEVEL, writeLine, now });
  const pipeline = createPipeline({
    log,
    monotonicMs: () => performance.now(),
    iamUrl: config.IAM_URL,
    authenticate: createAuthenticator(createTokenVerifier(config, now)),
    allowedRoles: config.IAM_ALLOWED_ROLES && new Set(config.IAM_ALLOWED_ROLES),
    draw: createMix(config.ENTROPY_SOURCES.map(createSource)),
  });
  // Without Node's cache of 128 identifiers, which a snapshot of the process would repeat.
  const freshRequestId = () => randomUUID({ disableEntropyCache: true });
  return { config, log, pipeline, freshRequestId };
}

/** The function of an HTTP trigger. @throws {ConfigError} */
export function createHttpApp(environment: Environment, writeLine: WriteLine): HttpFunction {
  return createHttpFunction(createApp(environment, writeLine));
}

function createTokenVerifier(config: Config, now: () => number) {
  const { IAM_URL: iamUrl, IAM_TIMEOUT_MS: timeoutMs } = config;
  if (iamUrl === undefined) throw new TypeError('no IAM');
  return createCachedVerifier({
    verify: createIamVerifier({ iamUrl, timeoutMs, send: createSend(), now }),
    ttlMs: config.TOKEN_CACHE_TTL_SECONDS * 1000,
    entries: config.TOKEN_CACHE_ENTRIES,
    now,
    randomOctets: (length) => randomBytes(length),
  });
}

function createSource(name: Config['ENTROPY_SOURCES'][number]): LocalSource {
  switch (name) {
    case 'node-crypto':
      return nodeCryptoSource;
    case 'os':
      return createOsSource();
  }
}
