import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createJudgeOf } from '../../lib/app/authentication.ts';
import type { App } from '../../lib/app/core.ts';
import type { ServiceAccount } from '../../lib/auth/iam/login.ts';
import type { Environment } from '../../lib/config/config.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { coreOf } from '../support/app.ts';
import { assertRandom, type Refusal, refusalAnswer } from '../support/contract.ts';
import { openServerDoor } from '../support/server-door.ts';
import { type WireOptions, wireRequest } from '../support/wire-request.ts';
import type { Clock } from './test-iam.ts';

export const DEADLINE_MS = 200;
export const CACHE_MS = 300_000;

export interface TestServiceOptions {
  readonly iamUrl: string;
  readonly clock: Clock;
  /** Milliseconds of one validation. Default: so many that a busy machine does not matter. */
  readonly logLevel?: 'debug';
  readonly timeoutMs?: number;
  readonly ttlMs?: number;
  readonly entries?: number;
  readonly account?: ServiceAccount;
  readonly allowedRoles?: readonly string[];
}

export interface TestService {
  readonly app: App;
  readonly port: number;
  /** Every line that was logged. */
  readonly lines: readonly string[];
  /** Resolves when so many requests have entered the chain since the start. */
  entered(requests: number): Promise<void>;
  /** Checks that a request with this token draws 512 bits: the whole answer. */
  draws(token: string, more?: More): Promise<void>;
  /** Checks that a request with this token is answered with this row of the contract: status, headers, the whole body. */
  refuses(token: string, refusal: Refusal, more?: More): Promise<void>;
}

type More = Omit<WireOptions, 'tokens'>;

const ENOUGH_MS = 10_000;

/** The service as it is put together in production, but for the clock of its authentication, which is moved by hand. */
export async function startTestService(context: TestContext, options: TestServiceOptions): Promise<TestService> {
  const { app, lines } = createTestApp(options);
  let requests = 0;
  const pipeline: App['pipeline'] = (event) => {
    requests += 1;
    return app.pipeline(event);
  };
  const { door, port, close } = await openServerDoor({ ...app, pipeline });
  context.after(close);
  const ask = (token: string, more: More) => door.send(wireRequest({ ...more, tokens: [token] }));
  return {
    app,
    port,
    lines,
    async entered(wanted) {
      while (requests < wanted) await turn();
    },
    async draws(token, more = {}) {
      const { answer, requestId } = await ask(token, more);
      assertRandom(answer, 512, requestId);
    },
    async refuses(token, refusal, more = {}) {
      const { answer, requestId } = await ask(token, more);
      assert.deepEqual(answer, refusalAnswer(refusal, requestId, options.iamUrl));
    },
  };
}

function createTestApp(options: TestServiceOptions): { app: App; lines: readonly string[] } {
  const lines: string[] = [];
  const core = coreOf(environmentOf(options), (line) => lines.push(line));
  const { config } = core;
  const errors = { iamUrl: config.IAM_URL, body: config.ERROR_BODY };
  const judge = createJudgeOf({ ...core, now: () => options.clock.ms });
  const allowedRoles = config.IAM_ALLOWED_ROLES && new Set(config.IAM_ALLOWED_ROLES);
  const parts = { ...core, errors, judge, allowedRoles, rateLimitPerSecond: undefined };
  return { app: { ...core, errors, pipeline: createPipeline(parts) }, lines };
}

function environmentOf(options: TestServiceOptions): Environment {
  const { iamUrl, account, timeoutMs = ENOUGH_MS, ttlMs = CACHE_MS, entries = 100, allowedRoles = [] } = options;
  return {
    IAM_URL: iamUrl,
    IAM_TIMEOUT_MS: String(timeoutMs),
    IAM_ALLOWED_ROLES: allowedRoles.join(),
    IAM_SERVICE_USER: account?.user,
    IAM_SERVICE_PASSWORD: account?.password,
    IAM_SERVICE_DOMAIN: account?.domain,
    IAM_SERVICE_PROJECT: account?.project,
    TOKEN_CACHE_TTL_SECONDS: String(ttlMs / 1000),
    TOKEN_CACHE_ENTRIES: String(entries),
    LOG_LEVEL: options.logLevel,
  };
}
