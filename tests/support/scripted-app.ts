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

/** The one token that a scripted app takes, unless its script says otherwise. */
export const SCRIPTED_TOKEN = 'scripted-token-8f14e45fceea167a';
export const SCRIPTED_IAM_URL = 'https://iam.test/v3';
export const FRESH_ID = '5e0f7a60-0000-4000-8000-000000000001';
export const NOW_MS = Date.parse('2025-08-06T10:15:30.123Z');

export interface Script {
  readonly judge?: JudgeCredential;
  readonly draw?: DrawEntropy;
  readonly allowedRoles?: ReadonlySet<string>;
}

export interface ScriptedApp {
  readonly app: App;
  /** Every line that was logged. */
  readonly lines: readonly string[];
}

/** The real chain with verdicts and bytes from a script, a clock that stands still and no network. */
export function createScriptedApp(script: Script = {}): ScriptedApp {
  const lines: string[] = [];
  const environment = { IAM_URL: SCRIPTED_IAM_URL, ENTROPY_SOURCES: 'node-crypto' };
  const config = parseConfig(environment, { hasKernelRandom: false, readTextFile: String });
  const log = createLog({ level: 'debug', writeLine: (line) => lines.push(line), now: () => NOW_MS });
  const monotonicMs = () => 0;
  const core: Core = {
    config,
    log,
    observer: NO_OBSERVER,
    writeAuditLine: createAuditor({ log, monotonicMs }),
    errors: { iamUrl: config.IAM_URL, body: config.ERROR_BODY },
    draw: script.draw ?? drawCounting,
    isEntropyReady: () => true,
    isSourceOpen: () => true,
    warmedUp: undefined,
    now: () => NOW_MS,
    monotonicMs,
    freshRequestId: () => FRESH_ID,
  };
  const judge = script.judge ?? createJudge({ iam: verifyScriptedToken });
  const pipeline = createPipeline({ ...core, judge, allowedRoles: script.allowedRoles });
  return { app: { ...core, pipeline }, lines };
}

/** A verdict for the user of the scripted token. */
export const ACCEPTED: Verdict = {
  outcome: 'accepted',
  principal: { projectId: PROJECT_ID, userId: 'user-1', roles: ['te_admin'] },
  expiresAtMs: NOW_MS + 60_000,
};

function verifyScriptedToken(token: string): Verdict {
  return token === SCRIPTED_TOKEN ? ACCEPTED : rejected('unknown-token');
}

/** Bytes 0, 1, 2 and so on: nothing random, so that a test can say what the answer is. */
export const drawCounting: DrawEntropy = (length) => ({
  bytes: Uint8Array.from({ length }, (_, index) => index % 256),
  sources: ['scripted'],
  omitted: [],
});
