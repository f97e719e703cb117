import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Reason } from '../../lib/reasons.ts';
import type { Outcome } from '../../lib/telemetry/observer.ts';
import type { Refusal } from '../support/contract.ts';
import { type IamBackend, type IamBehaviour, KNOWN, startIamBackend } from '../support/iam-backend.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import { startWorld, timeoutFor, type World } from './world.ts';

const ACCOUNT = {
  IAM_SERVICE_USER: 'service',
  IAM_SERVICE_PASSWORD: 'a-password-of-the-tests',
  IAM_SERVICE_DOMAIN: 'Default',
  IAM_SERVICE_PROJECT: 'demo',
};

interface Row {
  readonly name: string;
  readonly behaviour: IamBehaviour;
  readonly answer: Refusal;
  readonly reason: Reason;
  readonly outcome: Outcome;
  readonly alert?: string;
}

const [BAD, LATE] = ['502 APIGW.0201', '504 APIGW.0201'] as const;
const FAILING = 'GenRandomIamFailing';

const VALIDATIONS: readonly Row[] = [
  row('IAM refuses connections', 'refusing', BAD, 'iam-unreachable', 'unreachable'),
  row('IAM resets connections', 'reset', BAD, 'iam-unreachable', 'unreachable'),
  row('IAM is silent', 'silent', LATE, 'iam-timeout', 'timeout'),
  row('IAM lets its answer drip', 'dripping', LATE, 'iam-timeout', 'timeout'),
  row('IAM breaks its answer off', 'half-an-answer', BAD, 'iam-unreachable', 'unreachable'),
  row('IAM answers garbage', 'garbage', BAD, 'iam-bad-answer', 'bad-answer'),
  row('IAM answers too much', 'too-long', BAD, 'iam-bad-answer', 'bad-answer'),
  row('IAM answers 503', 'server-error', BAD, 'iam-bad-answer', 'bad-answer'),
  row('IAM throttles', 'throttling', BAD, 'iam-throttled', 'throttled'),
];

const LOGINS: readonly Row[] = [
  row("IAM is silent to the service's login", 'silent', LATE, 'iam-login-timeout', 'timeout'),
  row("IAM answers 503 to the service's login", 'server-error', BAD, 'iam-login-bad-answer', 'bad-answer'),
  row("IAM throttles the service's login", 'throttling', BAD, 'iam-login-throttled', 'throttled'),
];

function row(name: string, behaviour: IamBehaviour, answer: Refusal, reason: Reason, outcome: Outcome): Row {
  return { name, behaviour, answer, reason, outcome };
}

function seriesOf(outcome: Outcome): string {
  return `gen_random_dependency_requests_total{dependency="iam",outcome="${outcome}"}`;
}

async function start(context: TestContext, more = {}): Promise<{ iam: IamBackend; world: World }> {
  const iam = await startIamBackend();
  context.after(() => iam.close());
  const environment = { AUTH_METHODS: 'iam', IAM_URL: iam.url, ...more };
  return { iam, world: await startWorld(context, environment) };
}

let tokens = 0;
function newToken(): Record<string, string> {
  tokens += 1;
  return { 'X-Auth-Token': `${KNOWN}${tokens}` };
}

/** New tokens fail, remembered ones draw, and nothing is remembered of the outage. */
async function outage(context: TestContext, { behaviour, answer, reason, outcome }: Row): Promise<void> {
  const { iam, world } = await start(context, { IAM_TIMEOUT_MS: timeoutFor(outcome) });
  const [remembered, fresh] = [newToken(), newToken()];
  await world.heals(5_000, remembered);
  const before = await world.metric(seriesOf(outcome));
  await iam.behave(behaviour);
  await world.expects(answer, reason, fresh);
  assert.ok((await world.metric(seriesOf(outcome))) > before);
  await world.expects('bytes', undefined, remembered);
  await iam.behave('good');
  await world.heals(outcome === 'timeout' ? 2_000 : 0, fresh);
}

async function loginOutage(context: TestContext, { behaviour, answer, reason, outcome }: Row): Promise<void> {
  const { iam, world } = await start(context, { ...ACCOUNT, IAM_TIMEOUT_MS: timeoutFor(outcome) });
  await iam.behave(behaviour, 'login');
  await world.expects(answer, reason, newToken());
  assert.ok((await world.metric(seriesOf(outcome))) > 0);
  await iam.behave('good');
  await world.heals(2_000, newToken());
  // From here on the service's own token serves, whatever becomes of further logins.
  await iam.behave(behaviour, 'login');
  await world.expects('bytes', undefined, newToken());
}

const THROTTLED = 'gen_random_throttled_total{reason="too-many-validations"}';

export const IAM_FAULTS: readonly Fault[] = [
  ...VALIDATIONS.map((fault) => ({
    name: fault.name,
    client: `${fault.answer} for a token that is not remembered; 200 for one that is`,
    reason: fault.reason,
    metric: seriesOf(fault.outcome),
    alert: FAILING,
    heals: NEXT_REQUEST,
    run: (context: TestContext) => outage(context, fault),
  })),
  ...LOGINS.map((fault) => ({
    name: fault.name,
    client: `${fault.answer} until the first login; 200 while the service's token lives`,
    reason: fault.reason,
    metric: seriesOf(fault.outcome),
    alert: FAILING,
    heals: 'within 5 seconds, and within 1 after a short outage',
    run: (context: TestContext) => loginOutage(context, fault),
  })),
  {
    name: "IAM refuses the service's own account",
    client: BAD,
    reason: 'iam-login-refused',
    metric: seriesOf('bad-answer'),
    alert: FAILING,
    isSlow: true,
    heals: 'within 10 seconds of the mended account: a login that is refused is not repeated sooner, or IAM locks it',
    async run(context) {
      const { iam, world } = await start(context, ACCOUNT);
      await iam.behave('unauthorized', 'login');
      await world.expects(BAD, 'iam-login-refused', newToken());
      assert.ok((await world.metric(seriesOf('bad-answer'))) > 0);
      await iam.behave('good');
      await world.heals(12_000, newToken());
    },
  },
  {
    name: 'IAM is silent while a crowd of strangers asks',
    client: '429 APIGW.0308 for tokens that are not remembered, beyond half of `MAX_IN_FLIGHT`; 200 for one that is',
    reason: 'too-many-validations',
    metric: THROTTLED,
    alert: 'GenRandomThrottling',
    heals: NEXT_REQUEST,
    async run(context) {
      const { iam, world } = await start(context, { MAX_IN_FLIGHT: '8', IAM_TIMEOUT_MS: '2000' });
      const remembered = newToken();
      await world.heals(5_000, remembered);
      await iam.behave('silent');
      const strangers = Array.from({ length: 12 }, () => world.ask(newToken()));
      await world.expects('bytes', undefined, remembered);
      const statuses = (await Promise.all(strangers)).map(({ status }) => status).sort();
      assert.deepEqual(statuses, [...Array(8).fill(429), ...Array(4).fill(504)]);
      assert.equal(await world.metric(THROTTLED), 8);
      const reasons = world.audited().filter(({ status }) => status === 429);
      assert.deepEqual(new Set(reasons.map(({ reason }) => reason)), new Set(['too-many-validations']));
      await iam.behave('good');
      await world.expects('bytes', undefined, newToken());
    },
  },
];
