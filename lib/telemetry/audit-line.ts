import type { Judgement, Principal } from '../auth/verdict.ts';
import { catalogueRow, ServiceError } from '../errors.ts';
import type { Log, LogFields, LogLevel } from './log.ts';
import { NO_OBSERVER, type Observer } from './observer.ts';

/** What the steps of a request leave for those behind them and for its audit line. */
export interface Trail {
  /** The id that the reply names. */
  readonly requestId: string;
  /** The function's own id, where `requestId` is the gateway's. */
  invocationId?: string | undefined;
  /** Of the distributed trace that the request belongs to. */
  traceId?: string | undefined;
  startedAtMs?: number;
  /** The kind of event that carried it; absent for HTTP. */
  trigger?: string;
  /** Absent for events. */
  method?: string;
  /** The route's name, never what was sent; absent for events. */
  route?: string;
  /** Of the client, as the platform or the configured proxies say. */
  clientIp?: string | undefined;
  projectId?: string;
  principal?: Principal;
  /** Of a token that was refused: the beginning of its SHA-256. */
  tokenFingerprint?: string;
  /** How the credential was judged, and in how many milliseconds. */
  auth?: Judgement;
  authMs?: number;
  /** Milliseconds of the draw. */
  entropyMs?: number;
  bitLength?: number;
  sequence?: string | undefined;
  sources?: readonly string[];
  omitted?: readonly string[];
  failure?: ServiceError;
  /** Whether the client has gone, so that it gets no answer; absent where nobody can tell. */
  readonly isSenderGone?: (() => boolean) | undefined;
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
    const { omitted = [], startedAtMs, principal } = trail;
    const isGone = trail.isSenderGone?.() ?? false;
    // Who is gone has been given nothing; an outage that they did not wait for is still one.
    const failure = trail.failure ?? (isGone ? senderLeft() : undefined);
    const row = failure && catalogueRow(failure.key);
    const status = (failure === trail.failure ? given : undefined) ?? row?.status ?? 200;
    const tookMs = startedAtMs === undefined ? undefined : monotonicMs() - startedAtMs;
    observer.request({
      status,
      code: row?.code,
      reason: failure?.reason,
      seconds: tookMs && tookMs / 1000,
      bitLength: isGone ? undefined : trail.bitLength,
      omitted,
    });
    // Nothing more can be written now. Whoever refuses so counts the refusals, for a line of its own.
    if (failure?.reason === 'log-stalled') return;
    // What is not this API's is no event of it.
    const isOurs = failure?.key !== 'path-unknown';
    log.audit(omitted.length > 0 ? 'warn' : levelOf(status), {
      request_id: trail.requestId,
      invocation_id: trail.invocationId,
      trace_id: trail.traceId,
      event_name: isOurs ? 'genRandom' : undefined,
      resource_type: isOurs ? 'RNG' : undefined,
      trigger: trail.trigger,
      method: trail.method,
      path: trail.route,
      client_ip: trail.clientIp,
      project_id: trail.projectId,
      user_id: principal?.userId,
      access_key: principal?.accessKey,
      token_fingerprint: trail.tokenFingerprint,
      bit_length: trail.bitLength,
      sequence: trail.sequence,
      sources: trail.sources,
      degraded: omitted.length > 0 ? omitted : undefined,
      status,
      code: row?.code,
      ...failureFields(failure),
      auth: trail.auth,
      auth_ms: rounded(trail.authMs),
      entropy_ms: rounded(trail.entropyMs),
      duration_ms: rounded(tookMs),
      cold_start: isColdStart,
      client_gone: isGone || failure?.reason === 'sender-left' ? true : undefined,
    });
    if (failure?.key === 'defect') noteDefect(log, trail.requestId, failure.cause);
    isColdStart = false;
  };
}

function senderLeft(): ServiceError {
  return new ServiceError('format-invalid', { reason: 'sender-left' });
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

/** Name and code of what lies behind; never its message, which may repeat what somebody sent. */
function causeFields(cause: unknown): LogFields | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return { cause: cause.name, cause_code: code };
}

/** A line of its own with the place of a defect in the code. */
function noteDefect(log: Log, requestId: string, cause: unknown): void {
  if (cause instanceof Error) log.note('error', 'defect', { request_id: requestId, stack: framesOf(cause) });
}

/** The stack without the message that stands in front of it, of which every line may look like a frame. */
function framesOf({ name, message, stack = '' }: Error): string[] | undefined {
  const head = [`${name}: ${message}\n`, `${message}\n`, `${name}\n`].find((text) => stack.startsWith(text));
  if (head === undefined) return undefined;
  const frames = stack.slice(head.length).split('\n');
  return frames.map((line) => line.trim());
}

/** To microseconds. */
function rounded(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1000) / 1000;
}
