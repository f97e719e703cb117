import type { WriteAuditLine } from '../telemetry/audit-line.ts';
import type { Exchange, Middleware } from './http-request.ts';

/** Takes the time at the start and writes the audit line at the end, of failures too. */
export function audit(writeAuditLine: WriteAuditLine, monotonicMs: () => number): Middleware {
  const write = ({ event, response }: Exchange): void =>
    writeAuditLine(event.requestId, event.trail, response?.statusCode ?? 500);
  return {
    before({ event }) {
      event.trail.startedAtMs = monotonicMs();
    },
    after: write,
    onError: write,
  };
}
