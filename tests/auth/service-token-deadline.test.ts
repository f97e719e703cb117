import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import type { Refusal } from '../support/contract.ts';
import { deferred } from '../support/deferred.ts';
import { SERVICE_VARIABLES } from '../support/test-iam.ts';
import { start as startService } from './test-service.ts';

// With the service's own token a validation has up to four steps. All of them together have one deadline.

const DEADLINE_MS = 600;
/** A step that alone is in time, and two of which are not. */
const SLOW_MS = 450;
/** What a busy machine may take beyond the deadline, and less than another slow step. */
const LEEWAY_MS = 350;

async function start(context: TestContext) {
  const environment = { ...SERVICE_VARIABLES, IAM_TIMEOUT_MS: String(DEADLINE_MS) };
  const { iam, service } = await startService(context, environment);
  async function isLate(token: string): Promise<void> {
    const startedAtMs = performance.now();
    await service.refuses(token, LATE);
    const tookMs = performance.now() - startedAtMs;
    context.diagnostic(`answered after ${tookMs.toFixed(1)} ms of ${DEADLINE_MS}`);
    assert.ok(tookMs < DEADLINE_MS + LEEWAY_MS, `${tookMs} ms`);
  }
  return { iam, service, isLate };
}

const LATE: Refusal = '504 APIGW.0201';

const silent: RequestListener = () => undefined;
const refuse: RequestListener = (_, response) => response.writeHead(401).end();

function slowly(listener: RequestListener): RequestListener {
  return (request, response) => void setTimeout(() => listener(request, response), SLOW_MS);
}

type Steps = (answer: RequestListener) => Readonly<Record<'login' | 'validation', RequestListener>>;

const ROWS: readonly { name: string; isLoggedIn: boolean; steps: Steps }[] = [
  { name: 'a silent login', isLoggedIn: false, steps: (answer) => ({ login: silent, validation: answer }) },
  {
    name: 'a slow login and a silent validation',
    isLoggedIn: false,
    steps: (answer) => ({ login: slowly(answer), validation: silent }),
  },
  {
    name: 'a slow refusal and a silent renewal',
    isLoggedIn: true,
    steps: () => ({ login: silent, validation: slowly(refuse) }),
  },
];
// Side by side: they only wait.
suite('with one deadline for all steps', { concurrency: true }, () => {
  for (const { name, isLoggedIn, steps } of ROWS) {
    test(`${name} are late together`, async (context) => {
      const { iam, service, isLate } = await start(context);
      if (isLoggedIn) await service.draws(await iam.issue());
      const { login, validation } = steps(iam.answer);
      iam.misbehave((request, response) => (request.method === 'POST' ? login : validation)(request, response));
      const token = await iam.issue();
      await isLate(token);
      iam.misbehave(undefined);
      await service.draws(token);
    });
  }

  test('a caller who waits for the login of another waits no longer than their own deadline', async (context) => {
    const { iam, service, isLate } = await start(context);
    await service.draws(await iam.issue());
    const [early, late] = [await iam.issue(), await iam.issue()];
    const isTime = deferred();
    const isLoggingIn = deferred();
    iam.misbehave(async (request, response) => {
      if (request.method === 'POST') return isLoggingIn.resolve();
      if (request.headers['x-subject-token'] === early) {
        setTimeout(isTime.resolve, SLOW_MS);
        await isLoggingIn.promise;
      }
      refuse(request, response);
    });
    const waiting = isLate(early);
    await isTime.promise;
    await Promise.all([waiting, isLate(late)]);
  });
});
