import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Reason } from '../../lib/reasons.ts';
import type { Outcome } from '../../lib/telemetry/observer.ts';
import type { Refusal } from '../support/contract.ts';
import type { Behaviour } from '../support/kms-backend.ts';
import { CLOUDS, type Cloud, drawsOf, startCloud, startOn } from './clouds.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import type { World } from './world.ts';

interface Row {
  readonly name: string;
  readonly behaviour: Behaviour;
  readonly answer: Refusal;
  readonly reason: Reason;
  readonly outcome: Outcome;
}

const [BAD, LATE] = ['502 APIGW.0201', '504 APIGW.0201'] as const;

const ROWS: readonly Row[] = [
  row('resets connections', 'reset', BAD, 'source-unreachable', 'unreachable'),
  row('is silent', 'silent', LATE, 'source-timeout', 'timeout'),
  row('stops in the middle of its answer', 'half-an-answer', LATE, 'source-timeout', 'timeout'),
  row('gives too few bytes', 'short', BAD, 'source-bad-answer', 'bad-answer'),
  row('gives too many bytes', 'long', BAD, 'source-bad-answer', 'bad-answer'),
  row('gives no bytes', 'without-bytes', BAD, 'source-bad-answer', 'bad-answer'),
  row('answers garbage', 'garbage', BAD, 'source-bad-answer', 'bad-answer'),
  row('throttles', 'throttled', '429 APIGW.0308', 'source-throttled', 'throttled'),
  row('answers 500', 'server-error', BAD, 'source-error', 'bad-answer'),
  row('refuses the keys', 'access-denied', BAD, 'source-refused', 'bad-answer'),
];

function row(name: string, behaviour: Behaviour, answer: Refusal, reason: Reason, outcome: Outcome): Row {
  return { name: `a cloud's KMS ${name}`, behaviour, answer, reason, outcome };
}

/** One KMS and two services that draw from it. */
async function checkBoth(context: TestContext, cloud: Cloud, fault: Row): Promise<void> {
  const { kms, world } = await startCloud(context, cloud, { onFailure: 'refuse', outcome: fault.outcome });
  const degrading = await startOn(context, cloud, kms, { onFailure: 'degrade', outcome: fault.outcome });
  kms.behave(fault.behaviour);
  await Promise.all([world.expects(fault.answer, fault.reason), checkDegraded(degrading, cloud.name)]);
  assert.ok((await world.metric(drawsOf(cloud.name, fault.outcome))) > 0);
  kms.behave('good');
  const withinMs = fault.outcome === 'timeout' ? 2_000 : 0;
  await Promise.all([world.heals(withinMs), degrading.heals(withinMs)]);
}

async function checkDegraded(world: World, source: string): Promise<void> {
  const { status, headers } = await world.ask();
  assert.deepEqual([status, headers['x-entropy-degraded']], [200, source]);
  assert.equal(await world.metric(`gen_random_entropy_degraded_total{source="${source}"}`), 1);
  assert.deepEqual(world.audited().at(-1)?.degraded, [source]);
}

const DEGRADED = 'under `degrade` 200 with `X-Entropy-Degraded`';

export const SOURCE_FAULTS: readonly Fault[] = [
  ...ROWS.map((fault) => ({
    name: fault.name,
    client: `${fault.answer}; ${DEGRADED}`,
    reason: fault.reason,
    metric: drawsOf('…', fault.outcome),
    alert: 'GenRandomSourceFailing',
    heals: NEXT_REQUEST,
    async run(context: TestContext) {
      await Promise.all(CLOUDS.map((cloud) => checkBoth(context, cloud, fault)));
    },
  })),
  {
    name: "a cloud's KMS refuses connections",
    client: `${BAD}; ${DEGRADED}`,
    reason: 'source-unreachable',
    metric: drawsOf('…', 'unreachable'),
    alert: 'GenRandomSourceFailing',
    heals: NEXT_REQUEST,
    async run(context) {
      for (const cloud of CLOUDS) {
        const outcome = 'unreachable';
        const { kms, world } = await startCloud(context, cloud, { onFailure: 'refuse', outcome });
        const degrading = await startOn(context, cloud, kms, { onFailure: 'degrade', outcome });
        kms.close();
        await Promise.all([world.expects(BAD, 'source-unreachable'), checkDegraded(degrading, cloud.name)]);
        assert.ok((await world.metric(drawsOf(cloud.name, 'unreachable'))) > 0);
      }
    },
  },
];
