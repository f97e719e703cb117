import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHuaweiKmsSource, type HuaweiKmsOptions } from '../../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import type { Failed, OutboundRequest, Outcome } from '../../../lib/outbound/send.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID } from '../../support/kms-huawei-dialect.ts';
import { assertRefused } from '../refusals.ts';
import { good, NEVER } from '../scripted-sources.ts';

const TIMEOUT_MS = 1_234;

/** A source whose requests end as they are told, the last way for all that follow. */
function sourceOf(outcomes: readonly Outcome[], more: Partial<HuaweiKmsOptions> = {}) {
  const sent: OutboundRequest[] = [];
  const source = createHuaweiKmsSource({
    kmsUrl: 'https://kms.test',
    projectId: HUAWEI_PROJECT_ID,
    keys: () => HUAWEI_KEYS,
    async send(request) {
      sent.push(request);
      return outcomes[Math.min(sent.length, outcomes.length) - 1] ?? assert.fail('nothing to answer');
    },
    timeoutMs: TIMEOUT_MS,
    pauseMs: () => 1,
    now: Date.now,
    ...more,
  });
  return { source, sent };
}

const failed = (failure: Failed['failure']): Failed => ({ kind: 'failed', failure, detail: 'fixed words' });

function answered(): Outcome {
  const random_data = Buffer.from(good(64)).toString('hex');
  return { kind: 'answer', status: 200, headers: {}, body: Buffer.from(JSON.stringify({ random_data })) };
}

test('a connection that is refused once is tried once more', async () => {
  const { source, sent } = sourceOf([failed('unreachable'), answered()]);
  assert.equal((await source.read(64, NEVER)).length, 64);
  assert.equal(sent.length, 2);
});

const FAILURES = [
  ['unreachable', 2, 'backend-unavailable', /^source-unreachable huawei-kms: fixed words$/],
  ['timeout', 1, 'backend-timeout', /^source-timeout huawei-kms: fixed words$/],
  ['bad-answer', 1, 'backend-unavailable', /^source-bad-answer huawei-kms: fixed words$/],
] as const;
for (const [failure, attempts, key, reason] of FAILURES) {
  test(`${failure}: ${key} after ${attempts}`, async () => {
    const { source, sent } = sourceOf([failed(failure)]);
    await assertRefused(() => source.read(64, NEVER), key, reason);
    assert.equal(sent.length, attempts);
  });
}

test('a request has the time of one draw and the signal of its read', async () => {
  const { source, sent } = sourceOf([answered()]);
  await source.read(64, NEVER);
  assert.deepEqual([sent[0]?.timeoutMs, sent[0]?.signal], [TIMEOUT_MS, NEVER]);
});

test('without keys nobody is asked, and they are looked for at the next read', async () => {
  let keys: typeof HUAWEI_KEYS | undefined;
  const { source, sent } = sourceOf([answered()], { keys: () => keys });
  const reason = /^source-refused huawei-kms: no access keys$/;
  await assertRefused(() => source.read(64, NEVER), 'backend-unavailable', reason);
  assert.equal(sent.length, 0);
  keys = HUAWEI_KEYS;
  assert.equal((await source.read(64, NEVER)).length, 64);
});
