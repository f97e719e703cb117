import { randomUUID } from 'node:crypto';
import type { ValidationPlaces } from '../auth/cached-verifier.ts';
import type { Config } from '../config/config.ts';
import type { DrawEntropy } from '../entropy/draw.ts';
import type { HealthEvent } from '../entropy/tested-source.ts';
import type { ErrorReplyOptions } from '../http/failure.ts';
import { createPipeline, type Pipeline } from '../http/pipeline.ts';
import type { AccessKeys } from '../huawei-signing/sign-request.ts';
import { createAuditor, type WriteAuditLine } from '../telemetry/audit-line.ts';
import { createLog, type Log, type WriteLine } from '../telemetry/log.ts';
import { NO_OBSERVER, type Observer } from '../telemetry/observer.ts';
import { createJudgeOf } from './authentication.ts';
import { createEntropy } from './entropy.ts';

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
  /** Whether an entropy source serves now. */
  readonly isSourceOpen: (name: string) => boolean;
  /**
   * Resolves when every entropy source behind a network has been asked once, well or not. Undefined where there is
   * none.
   */
  readonly warmedUp: Promise<unknown> | undefined;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly freshRequestId: () => string;
}

/** The core with the chain that answers HTTP. */
export interface App extends Core {
  readonly pipeline: Pipeline;
}

/** What the process gives to its core. */
export interface CoreParts {
  readonly writeLine: WriteLine;
  /** Default: nobody counts. */
  readonly observer?: Observer;
  /** Temporary keys of the platform for Huawei's KMS; default: none. */
  readonly agencyKeys?: () => AccessKeys | undefined;
  /** Milliseconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
}

/**
 * Log, telemetry and entropy of one configuration. With the other files of its folder the only place that knows all
 * parts.
 */
export function createCore(config: Config, parts: CoreParts): Core {
  const { writeLine, observer = NO_OBSERVER, agencyKeys = () => undefined, now = Date.now } = parts;
  const log = createLog({ level: config.LOG_LEVEL, writeLine, now });
  const onHealth = (source: string, event: HealthEvent): void => {
    log.note(OUTAGES.has(event) ? 'error' : 'warn', `entropy source ${event}`, { source });
    observer.entropyHealth(source, event);
  };
  const watched = { log, observer, monotonicMs };
  const { draw, isReady, isOpen, warmedUp } = createEntropy(config, { ...watched, onHealth, after, agencyKeys });
  return {
    config,
    log,
    observer,
    writeAuditLine: createAuditor({ log, monotonicMs, observer }),
    errors: {
      iamUrl: config.IAM_URL,
      body: config.ERROR_BODY,
      tokenRefusedStatus: Number(config.TOKEN_REFUSED_STATUS),
    },
    draw,
    isEntropyReady: isReady,
    isSourceOpen: isOpen,
    warmedUp,
    now,
    monotonicMs,
    // A name in the log and no secret, so Node may make 128 at a time, which clones of a process may share: one by one
    // they cost 2 µs.
    freshRequestId: () => randomUUID(),
  };
}

const OUTAGES: ReadonlySet<HealthEvent> = new Set(['closed', 'failing']);

/** Adds the chain that answers HTTP. */
export function createApp(config: Config, parts: CoreParts): App {
  return withHttp(createCore(config, parts));
}

/** @param validations how many callers may wait for IAM at once; absent: all */
export function withHttp(core: Core, validations?: ValidationPlaces): App {
  const { IAM_ALLOWED_ROLES: roles, RATE_LIMIT_PER_SECOND: rateLimitPerSecond } = core.config;
  const allowedRoles = roles && new Set(roles);
  const judge = createJudgeOf({ ...core, validations });
  return { ...core, pipeline: createPipeline({ ...core, judge, allowedRoles, rateLimitPerSecond }) };
}

/** Not `performance.now()`: loading it takes 1.5 ms of the first request. */
function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

function after(milliseconds: number, work: () => void): () => void {
  const timer = setTimeout(work, milliseconds).unref();
  return () => clearTimeout(timer);
}
