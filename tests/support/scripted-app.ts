import { createEventFunction, type EventFunction } from '../../lib/adapters/event/event-function.ts';
import type { App, Core } from '../../lib/app/core.ts';
import { createJudge, type JudgeCredential } from '../../lib/auth/judge-credential.ts';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { parseConfig } from '../../lib/config/config.ts';
import type { DrawEntropy } from '../../lib/entropy/draw.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { createAuditor } from '../../lib/telemetry/audit-line.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import { NO_OBSERVER } from '../../lib/telemetry/observer.ts';
import { PROJECT_ID } from './contract.ts';
import { deferred } from './deferred.ts';
import type { Fields } from './samples.ts';

/** A scripted app takes this token, whatever stands before it, unless its script says otherwise. */
export const SCRIPTED_TOKEN = 'scripted-token-8f14e45fceea167a';
export const SCRIPTED_IAM_URL = 'https://iam.test/v3';
export const FRESH_ID = '5e0f7a60-0000-4000-8000-000000000001';
export const NOW_MS = Date.parse('2025-08-06T10:15:30.123Z');

export interface Script {
  readonly judge?: JudgeCredential;
  readonly draw?: DrawEntropy;
  readonly rateLimitPerSecond?: number;
  /** Default: a clock that stands still. */
  readonly monotonicMs?: () => number;
  /** Default: `FRESH_ID`, always. */
  readonly freshRequestId?: () => string;
}

export interface ScriptedApp {
  readonly app: App;
  /** Every line that was logged, as it was written. */
  readonly raw: readonly string[];
  /** The same lines, parsed. */
  readonly lines: readonly Fields[];
}

/** The real chain with verdicts, bytes and clocks from a script and no network. */
export function createScriptedApp(script: Script = {}): ScriptedApp {
  const { draw = drawCounting, monotonicMs = () => 0, freshRequestId = () => FRESH_ID, rateLimitPerSecond } = script;
  const raw: string[] = [];
  const lines: Fields[] = [];
  const writeLine = (line: string) => {
    raw.push(line);
    lines.push(JSON.parse(line));
  };
  const environment = { IAM_URL: SCRIPTED_IAM_URL, ENTROPY_SOURCES: 'node-crypto' };
  const config = parseConfig(environment, { hasKernelRandom: false, readTextFile: String });
  const log = createLog({ level: 'debug', writeLine, now: () => NOW_MS });
  const core: Core = {
    config,
    log,
    observer: NO_OBSERVER,
    writeAuditLine: createAuditor({ log, monotonicMs }),
    errors: { iamUrl: config.IAM_URL, body: config.ERROR_BODY },
    draw,
    isEntropyReady: () => true,
    isSourceOpen: () => true,
    warmedUp: undefined,
    now: () => NOW_MS,
    monotonicMs,
    freshRequestId,
  };
  const judge = script.judge ?? createJudge({ iam: verifyScriptedToken });
  const pipeline = createPipeline({ ...core, judge, allowedRoles: undefined, rateLimitPerSecond });
  return { app: { ...core, pipeline }, raw, lines };
}

/** The event function of a scripted app, with a clock that moves by one millisecond a look. */
export function scriptedEventFunction(draw?: DrawEntropy): { invoke: EventFunction; lines: readonly Fields[] } {
  let nowMs = 0;
  const monotonicMs = () => {
    nowMs += 1;
    return nowMs;
  };
  const { app, lines } = createScriptedApp({ monotonicMs, ...(draw !== undefined && { draw }) });
  return { invoke: createEventFunction(app), lines };
}

/** A verdict for the user of the scripted token. */
export const ACCEPTED: Verdict = {
  outcome: 'accepted',
  principal: { projectId: PROJECT_ID, userId: 'user-1', roles: ['te_admin'] },
  expiresAtMs: NOW_MS + 60_000,
};

function verifyScriptedToken(token: string): Verdict {
  return token.endsWith(SCRIPTED_TOKEN) ? ACCEPTED : rejected('unknown-token');
}

/** A draw of one byte, 0x5A, that waits until it is released. */
export function heldDraw() {
  const [started, released] = [deferred(), deferred()];
  const draw: DrawEntropy = async () => {
    started.resolve();
    await released.promise;
    return { bytes: Uint8Array.of(0x5a), sources: ['scripted'], omitted: [] };
  };
  return { draw, started: started.promise, release: () => released.resolve() };
}

/** Bytes a5, a6, a7 and so on: nothing random, so that a test can say what the answer is. */
export const drawCounting: DrawEntropy = (length) => ({
  bytes: Uint8Array.from({ length }, (_, index) => (0xa5 + index) % 256),
  sources: ['scripted'],
  omitted: [],
});
