import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createReadiness } from '../../../lib/adapters/container/readiness.ts';
import type { Environment } from '../../../lib/config/config.ts';
import { deferred } from '../../support/deferred.ts';
import { type Behaviour, startKmsBackend } from '../../support/kms-backend.ts';
import { huaweiDialect, huaweiVariables } from '../../support/kms-huawei-dialect.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { drawCounting } from '../../support/scripted-app.ts';
import { STATIC, startContainer } from '../../support/started-service.ts';

const LIVE = ['/healthz', '/health/live'];
const READY = ['/readyz', '/health/ready'];

async function answersOf(origin: string, paths: readonly string[], method = 'GET'): Promise<(number | string)[]> {
  const responses = await Promise.all(paths.map((path) => fetch(origin + path, { method })));
  return Promise.all(responses.map(async (response) => `${response.status} ${await response.text()}`));
}

const GOOD = '200 {"status":"ok"}';
const BAD = '503 {"status":"not ready"}';

for (const door of ['http', 'functiongraph-event', 'cloudevents']) {
  test(`the door ${door}: live and ready under both names, and nothing is audited`, async (context) => {
    const { origin, audited } = await startContainer(context, { ...STATIC, SERVER_DOOR: door });
    assert.deepEqual(await answersOf(origin, [...LIVE, ...READY]), [GOOD, GOOD, GOOD, GOOD]);
    assert.deepEqual(await answersOf(origin, [...LIVE, ...READY], 'HEAD'), ['200 ', '200 ', '200 ', '200 ']);
    assert.deepEqual(audited(), []);
  });
}

const SAME_TARGETS = ['?verbose', '/', '/?verbose&x=/y', `?${'x'.repeat(5_000)}`];
test('a query and a slash at the end ask for the same, with and without the base path', async (context) => {
  const { origin, audited } = await startContainer(context, { ...STATIC, BASE_PATH: '/random' });
  for (const prefix of ['', '/random', '//random', '/', '/random/']) {
    for (const end of SAME_TARGETS) {
      const paths = [...LIVE, ...READY].map((path) => `${prefix}${path}${end}`);
      assert.deepEqual(await answersOf(origin, paths), [GOOD, GOOD, GOOD, GOOD], `${prefix} ${end}`);
    }
  }
  assert.deepEqual(audited(), []);
});

test('the absolute form asks for the same', async (context) => {
  const { service } = await startContainer(context, STATIC);
  for (const path of [...LIVE, ...READY]) {
    const connection = openConnection(service.port);
    connection.send(`GET http://kms.test${path}?x HTTP/1.1\r\nHost: kms.test\r\nConnection: close\r\n\r\n`);
    const { status, body } = await connection.reply('GET');
    assert.deepEqual([status, body], [200, '{"status":"ok"}'], path);
  }
});

test('an answer on health names its request, as every other does', async (context) => {
  const { origin } = await startContainer(context, STATIC);
  const { headers } = await fetch(`${origin}/healthz`);
  assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-/);
});

test('health is not to be stored, and is of its own paths and methods alone', async (context) => {
  const { origin } = await startContainer(context, STATIC);
  const response = await fetch(`${origin}/readyz`);
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('content-type'), 'application/json;charset=utf-8');
  for (const path of [
    ...['/health', '/health/', '/healthz//', '/healthz/x', '/readyz2', '/livez', '/metrics', '/random/healthz'],
  ]) {
    assert.equal((await fetch(origin + path)).status, 404, path);
  }
  for (const path of [...LIVE, ...READY]) {
    assert.equal((await fetch(origin + path, { method: 'POST' })).status, 404, path);
  }
});

/** A container with a KMS that does as it is told. */
async function startWithKms(context: TestContext, behaviour: Behaviour, more: Environment = {}) {
  const kms = await startKmsBackend(huaweiDialect, context);
  kms.behave(behaviour);
  return { kms, ...(await startContainer(context, { ...STATIC, ...huaweiVariables(kms.origin), ...more })) };
}

for (const [behaviour, name] of [
  ['stuck', 'closed by its health test'],
  ['access-denied', 'out of reach'],
] as const) {
  test(`with a source ${name} the container is live and not ready`, async (context) => {
    const { origin } = await startWithKms(context, behaviour);
    assert.deepEqual(await answersOf(origin, [...LIVE, ...READY]), [GOOD, GOOD, BAD, BAD]);
    assert.deepEqual(await answersOf(origin, READY, 'HEAD'), ['503 ', '503 ']);
  });

  test(`with a source ${name} the container is ready where another may go on without it`, async (context) => {
    const { origin } = await startWithKms(context, behaviour, { ENTROPY_ON_FAILURE: 'degrade' });
    assert.deepEqual(await answersOf(origin, [...LIVE, ...READY]), [GOOD, GOOD, GOOD, GOOD]);
  });
}

test('a container of which nobody asks anything but whether it is ready becomes so', async (context) => {
  const { kms, origin, lines } = await startWithKms(context, 'access-denied');
  assert.deepEqual(await answersOf(origin, READY), [BAD, BAD]);
  kms.behave('good');
  while ((await fetch(`${origin}/readyz`)).status !== 200);
  assert.deepEqual(lines, []);
});

test('many questions at once are one trial, whose bytes are zeroed', async () => {
  const bytes = Uint8Array.of(0xa5);
  const drawn = deferred();
  let draws = 0;
  const draw = async (length: number) => {
    draws += 1;
    assert.equal(length, 1);
    await drawn.promise;
    return { ...(await drawCounting(length)), bytes };
  };
  const isReady = createReadiness({ isEntropyReady: () => false, draw });
  for (let count = 0; count < 100; count += 1) assert.equal(isReady(), false);
  assert.equal(draws, 1);
  drawn.resolve();
  while (bytes[0] !== 0) await Promise.resolve();
});

test('a trial that fails is tried again at the next question', async () => {
  let draws = 0;
  const failing = () => {
    draws += 1;
    throw new Error('still closed');
  };
  const isReady = createReadiness({ isEntropyReady: () => false, draw: failing });
  assert.deepEqual([isReady(), await Promise.resolve(), isReady(), draws], [false, undefined, false, 2]);
});

test('while it is ready nothing is drawn', () => {
  const isReady = createReadiness({ isEntropyReady: () => true, draw: () => assert.fail('bytes were drawn') });
  assert.equal(isReady(), true);
});
