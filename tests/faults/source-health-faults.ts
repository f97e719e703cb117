import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { KmsBackend } from '../support/kms-backend.ts';
import { AWS, CLOUDS, drawsOf, startCloud } from './clouds.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

async function checkStuck(context: TestContext, kms: KmsBackend, world: World, source: string): Promise<void> {
  kms.behave('stuck');
  await world.expects('500 KMS.0101', 'source-unhealthy');
  assert.equal(await world.isReady(), false);
  assert.equal(await world.metric(`gen_random_entropy_source_open{source="${source}"}`), 0);
  kms.behave('good');
  await world.heals(12_000);
  assert.equal(await world.isReady(), true);
  context.diagnostic(`${source} is open again`);
}

export const SOURCE_HEALTH_FAULTS: readonly Fault[] = [
  {
    name: "a cloud's KMS fails again and again under degrade, and comes back",
    client: '200 with `X-Entropy-Degraded`; three draws wait for their deadline, the others for nothing',
    metric: 'gen_random_entropy_health_total{source="…",event="failing"}',
    alert: 'GenRandomDegraded',
    heals: 'by itself within 15 seconds',
    isSlow: true,
    async run(context) {
      const [, huawei = AWS] = CLOUDS;
      const { kms, world } = await startCloud(context, huawei, { onFailure: 'degrade', outcome: 'timeout' });
      kms.behave('silent');
      for (let count = 0; count < 10; count += 1) await world.ask();
      assert.ok(kms.requests() <= 4, `${kms.requests()} draws have waited`);
      assert.equal(await world.metric(`gen_random_entropy_health_total{source="${huawei.name}",event="failing"}`), 1);
      kms.behave('good');
      const sinceMs = performance.now();
      while ((await world.ask()).headers['x-entropy-degraded'] !== undefined) {
        assert.ok(performance.now() - sinceMs < 15_000, 'it is left out after 15 seconds');
      }
    },
  },
  {
    name: "a cloud's KMS gives the same byte again and again",
    client: '500 KMS.0101; under `degrade` 200 with `X-Entropy-Degraded`',
    reason: 'source-unhealthy',
    metric: 'gen_random_entropy_source_open{source="…"}',
    alert: 'GenRandomSourceClosed',
    isSlow: true,
    heals: 'by a passed re-test, 10 seconds later at the earliest; not ready until then',
    async run(context) {
      await Promise.all(
        CLOUDS.map(async (cloud) => {
          const { kms, world } = await startCloud(context, cloud, { onFailure: 'refuse', outcome: 'ok' });
          await checkStuck(context, kms, world, cloud.name);
        }),
      );
    },
  },
  {
    name: "the clock of a cloud's KMS is ten minutes ahead",
    client: '200: the clocks are aligned by the first refusal',
    metric: drawsOf('…', 'ok'),
    heals: 'in the same draw',
    async run(context) {
      const { kms, world } = await startCloud(context, AWS, { onFailure: 'refuse', outcome: 'ok' });
      kms.setClockAhead(600_000);
      await world.expects('bytes');
      assert.ok((await world.metric(drawsOf('aws-kms', 'ok'))) > 0);
    },
  },
];
