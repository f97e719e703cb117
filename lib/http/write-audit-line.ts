import type { WriteAuditLine } from '../telemetry/audit-line.ts';
import type { Exchange, Middleware } from './middleware.ts';

/** Takes the time at the start and writes the audit line at the end, of failures too. */
export function writeAuditLineOf(write: WriteAuditLine, monotonicMs: () => number): Middleware {
  const end = ({ event, response }: Exchange): void => write(event.trail, response?.statusCode ?? 500);
  return {
    before({ event }) {
      event.trail.startedAtMs = monotonicMs();
    },
    after: end,
    onError: end,
  };
}
