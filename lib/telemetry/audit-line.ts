import type { Principal } from '../auth/verdict.ts';
import { catalogueRow, type ServiceError } from '../errors.ts';
import type { Log, LogFields, LogLevel } from './log.ts';
import { NO_OBSERVER, type Observer } from './observer.ts';

/** What the steps of a request leave for those behind them and for its audit line. */
export interface Trail {
  /** The id that the reply names. */
  readonly requestId: string;
  startedAtMs?: number;
  /** The kind of event that carried it; absent for HTTP. */
  trigger?: string;
  projectId?: string;
  principal?: Principal;
  bitLength?: number;
  sequence?: string | undefined;
  sources?: readonly string[];
  omitted?: readonly string[];
  failure?: ServiceError;
}

export interface AuditOptions {
  readonly log: Log;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  readonly observer?: Observer;
}

/** Writes the line of one request. @param status as in an HTTP answer, for events too; absent: the failure's */
export type WriteAuditLine = (trail: Trail, status?: number) => void;

/** One line per request, whatever became of it. Event name and resource type are those of Huawei's audit service. */
export function createAuditor({ log, monotonicMs, observer = NO_OBSERVER }: AuditOptions): WriteAuditLine {
  let isColdStart = true;
  return (trail, given) => {
    const { omitted = [], failure, startedAtMs } = trail;
    const row = failure && catalogueRow(failure.key);
    const status = given ?? row?.status ?? 200;
    const code = row?.code;
    const tookMs = startedAtMs === undefined ? undefined : roundToMicroseconds(monotonicMs() - startedAtMs);
    observer.request({ status, code, seconds: tookMs && tookMs / 1000, bitLength: trail.bitLength, omitted });
    log.audit(omitted.length > 0 ? 'warn' : levelOf(status), {
      request_id: trail.requestId,
      event_name: 'genRandom',
      resource_type: 'RNG',
      trigger: trail.trigger,
      project_id: trail.projectId,
      user_id: trail.principal?.userId,
      access_key: trail.principal?.accessKey,
      bit_length: trail.bitLength,
      sequence: trail.sequence,
      sources: trail.sources,
      degraded: omitted.length > 0 ? omitted : undefined,
      status,
      code,
      ...failureFields(failure),
      duration_ms: tookMs,
      cold_start: isColdStart,
    });
    isColdStart = false;
  };
}

function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status === 401 || status === 403 || status === 429 ? 'warn' : 'info';
}

function failureFields(failure: ServiceError | undefined): LogFields | undefined {
  if (failure === undefined) return undefined;
  const { reason, detail, cause } = failure;
  return { reason, detail, ...causeFields(cause) };
}

/** Name, code and place of what lies behind; never its message, which may repeat what somebody sent. */
function causeFields(cause: unknown): LogFields | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return { cause: cause.name, cause_code: code, cause_stack: framesOf(cause) };
}

/** The stack without the message that stands in front of it, of which every line may look like a frame. */
function framesOf({ name, message, stack = '' }: Error): string[] | undefined {
  const head = [`${name}: ${message}\n`, `${message}\n`, `${name}\n`].find((text) => stack.startsWith(text));
  if (head === undefined) return undefined;
  const frames = stack.slice(head.length).split('\n');
  return frames.map((line) => line.trim());
}

function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
