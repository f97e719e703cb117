import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATH } from '../support/contract.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../support/kms-huawei-dialect.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../support/started-service.ts';

const TIMEOUT_MS = 300;
const BACK_MS = 15_000;
const NAME = 'huawei-kms';

/** A container whose KMS answers at its start. */
async function setUp(context: TestContext, onFailure: 'refuse' | 'degrade') {
  const kms = await startKmsBackend(huaweiDialect);
  context.after(() => kms.close());
  const { origin, service, lines } = await startContainer(context, {
    ...STATIC,
    ENTROPY_SOURCES: `node-crypto,os,${NAME}`,
    ENTROPY_TIMEOUT_MS: String(TIMEOUT_MS),
    ENTROPY_ON_FAILURE: onFailure,
    HUAWEI_KMS_URL: kms.origin,
    HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
    HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
    HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
    HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
  });
  await service.core.warmedUp;
  const draw = async () => {
    const startedAtMs = performance.now();
    const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': STATIC_TOKEN };
    const response = await fetch(origin + PATH, { method: 'POST', headers, body: '{"random_data_length":512}' });
    await response.text();
    const tookMs = performance.now() - startedAtMs;
    return { status: response.status, degraded: response.headers.get('x-entropy-degraded'), tookMs };
  };
  const isReady = async (): Promise<boolean> => (await fetch(`${origin}/readyz`)).ok;
  const isOpen = (): boolean => service.core.isSourceOpen(NAME);
  const events = (): unknown[] =>
    lines.filter(({ source }) => source === NAME).map(({ level, message }) => `${level} ${message}`);
  return { kms, draw, isReady, isOpen, events };
}

test('under degrade a silent KMS costs a few draws their deadline and the others nothing, and is back by itself', {
  timeout: 60_000,
}, async (context) => {
  const { kms, draw, isReady, isOpen, events } = await setUp(context, 'degrade');
  const { status, degraded } = await draw();
  assert.deepEqual([status, degraded], [200, null]);

  kms.behave('silent');
  const draws: Awaited<ReturnType<typeof draw>>[] = [];
  for (let count = 0; count < 30; count += 1) draws.push(await draw());
  assert.ok(draws.every((one) => one.status === 200 && one.degraded === NAME));
  const slow = draws.filter(({ tookMs }) => tookMs >= TIMEOUT_MS / 2).length;
  assert.ok(slow <= 8, `${slow} of 30 draws waited`);
  assert.deepEqual([await isReady(), isOpen()], [true, false]);

  kms.behave('good');
  const recoveredAtMs = performance.now();
  while (!isOpen()) {
    assert.ok(performance.now() - recoveredAtMs < BACK_MS, 'it is not back after 15 seconds');
    await sleep(50);
  }
  const later = await draw();
  assert.deepEqual([later.status, later.degraded], [200, null]);
  assert.deepEqual(events(), ['error entropy source failing', 'warn entropy source recovered']);
});

test('under refuse every draw asks a silent KMS, and the container is not ready until it answers', async (context) => {
  const { kms, draw, isReady, isOpen, events } = await setUp(context, 'refuse');
  assert.deepEqual([(await draw()).status, await isReady()], [200, true]);

  kms.behave('silent');
  for (let count = 1; count <= 5; count += 1) {
    const before = kms.requests();
    assert.equal((await draw()).status, 504);
    assert.ok(kms.requests() > before);
  }
  assert.deepEqual([await isReady(), isOpen()], [false, false]);

  kms.behave('good');
  assert.equal((await draw()).status, 200);
  assert.deepEqual([await isReady(), isOpen()], [true, true]);
  assert.deepEqual(events(), ['error entropy source failing', 'warn entropy source recovered']);
});

test('under refuse a container that nobody asks for bytes is ready again soon after its KMS answers', {
  timeout: 10_000,
}, async (context) => {
  const { kms, draw, isReady } = await setUp(context, 'refuse');
  kms.behave('silent');
  while (await isReady()) await draw();
  kms.behave('good');
  while (!(await isReady()));
  assert.equal((await draw()).status, 200);
});
