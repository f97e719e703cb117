import { createEventFunction, type EventFunction } from '../../lib/adapters/event/event-function.ts';
import type { DrawEntropy } from '../../lib/entropy/draw.ts';
import { createAuditor } from '../../lib/telemetry/audit-line.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import type { Fields } from './samples.ts';
import { drawCounting } from './scripted-app.ts';

export const FRESH_REQUEST_ID = '00000000-0000-4000-8000-000000000042';

export interface ScriptedEventFunction {
  readonly invoke: EventFunction;
  /** Every line that was logged. */
  readonly lines: readonly Fields[];
}

/** The event function with bytes from a script and a clock that moves by one millisecond a look. */
export function scriptedEventFunction(draw: DrawEntropy = drawCounting): ScriptedEventFunction {
  const lines: Fields[] = [];
  const log = createLog({ level: 'error', writeLine: (line) => lines.push(JSON.parse(line)), now: () => 0 });
  let nowMs = 0;
  const monotonicMs = () => {
    nowMs += 1;
    return nowMs;
  };
  const writeAuditLine = createAuditor({ log, monotonicMs });
  const freshRequestId = () => FRESH_REQUEST_ID;
  return { invoke: createEventFunction({ writeAuditLine, monotonicMs, draw, freshRequestId }), lines };
}
