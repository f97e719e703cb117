import type { WriteLine } from '../../lib/telemetry/log.ts';
import type { LogWriter } from '../../lib/telemetry/standard-output.ts';

/** A writer whose lines are out at once. */
export function writerOf(writeLine: WriteLine): LogWriter {
  return {
    writeLine,
    isTaking: () => true,
    brokenBy: () => undefined,
    waiting: () => 0,
    flush: () => undefined,
    whenChanged: () => undefined,
  };
}
