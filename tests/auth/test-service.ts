import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createJudgeOf } from '../../lib/app/authentication.ts';
import type { App } from '../../lib/app/core.ts';
import type { Environment } from '../../lib/config/config.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { coreOf } from '../support/app.ts';
import { assertRandom, type Refusal, refusalAnswer } from '../support/contract.ts';
import { openServerDoor } from '../support/server-door.ts';
import { startTestIam, type TestIam, type TestIamOptions } from '../support/test-iam.ts';
import { type WireOptions, wireRequest } from '../support/wire-request.ts';

export const DEADLINE_MS = 200;
export const CACHE_MS = 300_000;

export interface TestService {
  readonly app: App;
  readonly port: number;
  /** Every line that was logged. */
  readonly lines: readonly string[];
  /** Resolves when so many requests have entered the chain since the start. */
  entered(requests: number): Promise<void>;
  /** Checks that a request with this token draws 512 bits: the whole answer. */
  draws(token: string, more?: More): Promise<void>;
  /** Checks that a request with this token is answered as this row of the contract says: status, headers and body. */
  refuses(token: string, refusal: Refusal, more?: More): Promise<void>;
}

type More = Omit<WireOptions, 'tokens'>;

/** The embedded IAM, and the service that asks it. */
export async function start(context: TestContext, environment: Environment = {}, options: TestIamOptions = {}) {
  const iam = await startTestIam(context, options);
  return { iam, service: await startTestService(context, iam, environment) };
}

/** The service as it is put together in production, but for the clock of its authentication, which is moved by hand. */
export async function startTestService(
  context: TestContext,
  { url, clock }: Pick<TestIam, 'url' | 'clock'>,
  environment: Environment = {},
): Promise<TestService> {
  const lines: string[] = [];
  // A time in which a busy machine does not matter, unless the test is about time.
  const basis = { IAM_URL: url, IAM_TIMEOUT_MS: '10000' };
  const core = coreOf({ ...basis, ...environment }, (line) => lines.push(line));
  const judge = createJudgeOf({ ...core, now: () => clock.ms });
  const allowedRoles = core.config.IAM_ALLOWED_ROLES && new Set(core.config.IAM_ALLOWED_ROLES);
  const chain = createPipeline({ ...core, judge, allowedRoles });
  let requests = 0;
  const pipeline: App['pipeline'] = (request) => {
    requests += 1;
    return chain(request);
  };
  const app = { ...core, pipeline };
  const { door, port } = await openServerDoor(app, context);
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
      assert.deepEqual(answer, refusalAnswer(refusal, requestId, url));
    },
  };
}
