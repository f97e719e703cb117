import type { Core } from '../../app/core.ts';
import { ServiceError } from '../../errors.ts';
import type { LogWriter } from '../../telemetry/standard-output.ts';

/** Keeps work away while its audit lines cannot be written: what cannot be audited is not drawn. */
export interface LogGuard {
  /** Why nothing may be taken on now; undefined: it may. Each one that is asked for counts as given to a client. */
  readonly refusal: () => ServiceError | undefined;
  /**
   * The core whose draws are refused then, and which keeps back what was drawn when the line of it could not be
   * written.
   */
  readonly over: (core: Core) => Core;
  /** Work that is refused then. */
  readonly gate: <Parameters extends readonly unknown[], Result>(
    work: (...parameters: Parameters) => Promise<Result>,
  ) => (...parameters: Parameters) => Promise<Result>;
}

export function createLogGuard(writer: LogWriter): LogGuard {
  let refused = 0;

  function refusal(): ServiceError | undefined {
    if (writer.isTaking()) return undefined;
    refused += 1;
    return new ServiceError('throttled', { reason: 'log-stalled' });
  }

  return {
    refusal,
    over(core) {
      writer.whenChanged(() => {
        if (!writer.isTaking() || refused === 0) return;
        // Instead of their audit lines, so whatever LOG_LEVEL is.
        core.log.audit('warn', { message: 'requests were refused while standard output stalled', refused });
        refused = 0;
      });
      return {
        ...core,
        draw(length, remainingMs) {
          const error = refusal();
          if (error !== undefined) throw error;
          return core.draw(length, remainingMs);
        },
        writeAuditLine(trail, status) {
          core.writeAuditLine(trail, status);
          const error = trail.failure === undefined && writer.brokenBy() !== undefined ? refusal() : undefined;
          if (error !== undefined) throw error;
        },
      };
    },
    gate(work) {
      return (...parameters) => {
        const error = refusal();
        return error === undefined ? work(...parameters) : Promise.reject(error);
      };
    },
  };
}
