import { ServiceError } from '../errors.ts';
import type { WriteAuditLine } from '../telemetry/audit-line.ts';
import type { Exchange, Middleware } from './middleware.ts';

/** Takes the time at the start and writes the audit line at the end, of failures too. */
export function writeAuditLineOf(write: WriteAuditLine, monotonicMs: () => number): Middleware {
  const end = ({ event: { trail }, response }: Exchange): void => {
    trail.isClientGone = trail.isSenderGone?.() ?? false;
    if (trail.isClientGone && trail.failure === undefined) {
      // It has got nothing, so nothing counts as given.
      trail.failure = new ServiceError('format-invalid', { reason: 'sender-left' });
      write(trail);
      return;
    }
    write(trail, response?.statusCode ?? 500);
  };
  return {
    before({ event }) {
      event.trail.startedAtMs = monotonicMs();
    },
    after: end,
    onError: end,
  };
}
