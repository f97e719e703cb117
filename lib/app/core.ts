import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createEventFunction, type EventFunction } from '../adapters/event/event-function.ts';
import type { AgencyKeys } from '../adapters/function/agency-keys.ts';
import type { StartedFunction } from '../adapters/function/function-entry.ts';
import { createHttpFunction, type HttpFunction } from '../adapters/http-event/http-function.ts';
import { type Config, type Environment, parseConfig } from '../config/config.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import { KERNEL_RANDOM_DEVICE } from '../entropy/os.ts';
import type { HealthEvent } from '../entropy/tested-source.ts';
import type { ErrorReplyOptions } from '../http/failure.ts';
import { createPipeline, type Pipeline } from '../http/pipeline.ts';
import { createAuditor, type WriteAuditLine } from '../telemetry/audit-line.ts';
import { createLog, type Log, type WriteLine } from '../telemetry/log.ts';
import { NO_OBSERVER, type Observer } from '../telemetry/observer.ts';
import { createAuthentication } from './authentication.ts';
import { createEntropy } from './entropy.ts';
import { primeHttp } from './priming.ts';

/** What every door of one process stands on. */
export interface Core {
  readonly config: Config;
  readonly log: Log;
  readonly observer: Observer;
  readonly writeAuditLine: WriteAuditLine;
  readonly errors: ErrorReplyOptions;
  readonly draw: DrawEntropy;
  /** Whether a draw can succeed now. */
  readonly isEntropyReady: () => boolean;
  /** Resolves when every entropy source behind a network has been asked once, well or not. Undefined where there is none. */
  readonly warmedUp: Promise<unknown> | undefined;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly freshRequestId: () => string;
}

/** The core with the chain that answers HTTP. */
export interface App extends Core {
  readonly pipeline: Pipeline;
}

export interface CoreOptions {
  readonly agencyKeys?: AgencyKeys;
  readonly observer?: Observer;
}

/** The configuration, with what this machine has. @throws {ConfigError} */
export function readConfig(environment: Environment, agencyKeys: AgencyKeys = () => undefined): Config {
  return parseConfig(environment, {
    hasKernelRandom: existsSync(KERNEL_RANDOM_DEVICE),
    // The sources have it as a module of their own; in a bundle it is a file beside.
    hasKmsChunk: typeof __dirname === 'undefined' || existsSync(`${__dirname}/kms.js`),
    hasAgencyKeys: agencyKeys() !== undefined,
    readTextFile: (path) => readFileSync(path, 'utf8'),
  });
}

/** Configuration, log and entropy; with the other files of its name the only place that knows all parts. @throws {ConfigError} */
export function createCore(environment: Environment, writeLine: WriteLine, options: CoreOptions = {}): Core {
  const { agencyKeys = () => undefined, observer = NO_OBSERVER } = options;
  const config = readConfig(environment, agencyKeys);
  const now = Date.now;
  // Not `performance.now()`: loading it takes 1.5 ms of the first request.
  const monotonicMs = (): number => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  };
  const log = createLog({ level: config.LOG_LEVEL, writeLine, now });
  const onHealth = (source: string, event: HealthEvent): void => {
    log.note(event === 'closed' ? 'error' : 'warn', `entropy source ${event}`, { source });
    observer.entropyHealth(source, event);
  };
  const { draw, isReady: isEntropyReady, warmedUp } = createEntropy(config, { onHealth, monotonicMs, agencyKeys });
  // A name in the log and no secret, so Node may take the bytes of 128 at a time, which clones of a process may share: one by one they cost
  // 2 µs a request.
  const freshRequestId = (): string => randomUUID();
  const writeAuditLine = createAuditor({ log, monotonicMs, observer });
  const errors: ErrorReplyOptions = {
    iamUrl: config.IAM_URL,
    body: config.ERROR_BODY,
  };
  return {
    config,
    log,
    observer,
    writeAuditLine,
    errors,
    draw,
    isEntropyReady,
    warmedUp,
    now,
    monotonicMs,
    freshRequestId,
  };
}

/** @throws {ConfigError} */
export function createApp(environment: Environment, writeLine: WriteLine, options?: CoreOptions): App {
  return withHttp(createCore(environment, writeLine, options));
}

/** Adds the chain that answers HTTP. */
export function withHttp(core: Core): App {
  const { config } = core;
  const allowedRoles = config.IAM_ALLOWED_ROLES && new Set(config.IAM_ALLOWED_ROLES);
  const authenticate = createAuthentication(config, core);
  const rateLimitPerSecond = config.RATE_LIMIT_PER_SECOND;
  return { ...core, pipeline: createPipeline({ ...core, authenticate, allowedRoles, rateLimitPerSecond }) };
}

/** The function of an HTTP trigger. @throws {ConfigError} */
export function createHttpApp(
  environment: Environment,
  writeLine: WriteLine,
  agencyKeys: AgencyKeys,
): StartedFunction<HttpFunction> {
  const app = createApp({ ...environment, SERVER_DOOR: 'http' }, writeLine, { agencyKeys });
  const warmUp = (): Promise<unknown> | undefined => {
    // Nothing depends on it.
    void primeHttp().catch(() => undefined);
    return app.warmedUp;
  };
  return { run: createHttpFunction(app), warmUp };
}

/** The function of all other triggers; the platform guards it, so it needs no IAM. @throws {ConfigError} */
export function createEventApp(
  environment: Environment,
  writeLine: WriteLine,
  agencyKeys: AgencyKeys,
): StartedFunction<EventFunction> {
  const core = createCore({ ...environment, SERVER_DOOR: 'functiongraph-event' }, writeLine, { agencyKeys });
  return { run: createEventFunction(core), warmUp: () => core.warmedUp };
}
