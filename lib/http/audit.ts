import { catalogueRow, type ServiceError } from '../errors.ts';
import type { Log, LogFields, LogLevel } from '../log.ts';
import type { Exchange, Middleware } from './exchange.ts';

export interface AuditOptions {
  readonly log: Log;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
}

/** One line per request, whatever became of it. Event name and resource type are those of Huawei's audit service. */
export function audit(options: AuditOptions): Middleware {
  let isColdStart = true;
  const write = (exchange: Exchange): void => {
    const { event, response } = exchange;
    const { trail } = event;
    const status = response?.statusCode ?? 500;
    options.log.audit(levelOf(status), {
      request_id: event.requestId,
      event_name: 'genRandom',
      resource_type: 'RNG',
      project_id: trail.projectId,
      user_id: trail.principal?.userId,
      bit_length: trail.bitLength,
      sequence: trail.sequence,
      sources: trail.sources,
      status,
      ...failureFields(trail.failure),
      duration_ms: roundToMicroseconds(options.monotonicMs() - (trail.startedAtMs ?? 0)),
      cold_start: isColdStart,
    });
    isColdStart = false;
  };
  return {
    before({ event }) {
      event.trail.startedAtMs = options.monotonicMs();
    },
    after: write,
    onError: write,
  };
}

function levelOf(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status === 401 || status === 403 || status === 429 ? 'warn' : 'info';
}

function failureFields(failure: ServiceError | undefined): LogFields | undefined {
  if (failure === undefined) return undefined;
  return { code: catalogueRow(failure.key).code, reason: failure.reason ?? failure.key, ...causeFields(failure.cause) };
}

/** Name, code and place of what lies behind; never its message, which may repeat what somebody sent. */
function causeFields(cause: unknown): LogFields | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  const frames = cause.stack?.split('\n').filter((line) => /^ {4}at /.test(line));
  return { cause: cause.name, cause_code: code, cause_stack: frames?.map((line) => line.trim()) };
}

function roundToMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
