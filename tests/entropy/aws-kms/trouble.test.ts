import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import type { KmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import { deferred } from '../../support/deferred.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../../support/kms-backend.ts';
import { awsKmsAt, outcomeOf, patience } from '../../support/kms-sources.ts';
import { assertRefused } from '../refusals.ts';

const never = new Promise<never>(() => undefined);

function sourceOf(load: () => Promise<KmsCall>) {
  return createAwsKmsSource({ load, pauseMs: () => 1 });
}

test('the SDK is loaded at once and only once', async () => {
  let loads = 0;
  const source = sourceOf(async () => {
    loads += 1;
    return async (length) => new Uint8Array(length);
  });
  assert.equal(loads, 1);
  await source.read(1, patience());
  await source.read(1, patience());
  assert.equal(loads, 1);
});

test('an SDK that is not there fails the reads, not the start', async () => {
  const source = sourceOf(async () => {
    throw new Error("Cannot find module './kms.js'");
  });
  const reason = /^source-failed aws-kms: no SDK beside it: kms\.js was not loaded$/;
  await assertRefused(() => source.read(64, patience()), 'backend-unavailable', reason);
});

const DEAF: readonly (readonly [name: string, load: () => Promise<KmsCall>])[] = [
  ['an SDK that never finishes loading', () => never],
  ['a call that does not hear its signal', async () => () => never],
];
for (const [name, load] of DEAF) {
  test(`${name} is given up at the deadline`, async () => {
    const startedAtMs = performance.now();
    assert.equal(await outcomeOf(sourceOf(load), AbortSignal.timeout(100)), 'backend-timeout');
    assert.ok(performance.now() - startedAtMs < 150);
  });
}

test('a call that ends after it was given up bothers nobody, and the bytes that it gives are zeroed', async () => {
  const late = [deferred<Uint8Array>(), deferred<Uint8Array>()];
  for (const { promise } of late) {
    const source = sourceOf(async () => () => promise);
    assert.equal(await outcomeOf(source, AbortSignal.timeout(10)), 'backend-timeout');
  }
  const bytes = new Uint8Array(64).fill(1);
  late[0]?.reject(new Error('late'));
  late[1]?.resolve(bytes);
  // A rejection that nobody handled would fail this test.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(bytes, new Uint8Array(64));
});

test("the SDK's array is zeroed once it is copied", async () => {
  const given = Uint8Array.of(1, 2, 3);
  const bytes = await sourceOf(async () => async () => given).read(3, patience());
  assert.deepEqual([...bytes, ...given], [1, 2, 3, 0, 0, 0]);
});

test('nobody listens: backend-unavailable', async (context) => {
  const backend = await startKmsBackend(awsDialect, context);
  backend.close();
  assert.equal(await outcomeOf(awsKmsAt(backend.origin)), 'backend-unavailable');
});

test('no credentials anywhere: backend-unavailable, at once', async (context) => {
  const backend = await startKmsBackend(awsDialect, context);
  const source = awsKmsAt(backend.origin);
  for (const name of Object.keys(AWS_ENVIRONMENT)) if (/KEY|TOKEN/.test(name)) delete process.env[name];
  assert.equal(await outcomeOf(source), 'backend-unavailable');
  assert.equal(backend.requests(), 0);
});

const HOUR_MS = 3_600_000;

/** A KMS whose clock is ahead of ours by so much, and a source that asks it. */
async function startSkewed(context: TestContext, aheadMs = 0) {
  const backend = await startKmsBackend(awsDialect, context);
  backend.setClockAhead(aheadMs);
  return { backend, source: awsKmsAt(backend.origin) };
}

for (const [name, aheadMs] of [
  ['an hour behind', HOUR_MS],
  ['an hour ahead', -HOUR_MS],
  ['ten minutes behind', HOUR_MS / 6],
] as const) {
  test(`a clock that is ${name} from the start: the second attempt is signed with the service's time`, async (context) => {
    const { backend, source } = await startSkewed(context, aheadMs);
    assert.equal(await outcomeOf(source), undefined);
    assert.deepEqual([backend.requests(), backend.refusals().length], [2, 1]);
    backend.behave('good');
    assert.equal(await outcomeOf(source), undefined);
    assert.deepEqual([backend.requests(), backend.refusals().length], [1, 0]);
  });

  test(`a clock that is ${name} after a success, as in a sandbox that was frozen: it heals in one read, and back`, async (context) => {
    const { backend, source } = await startSkewed(context);
    assert.equal(await outcomeOf(source), undefined);
    for (const jumpMs of [aheadMs, 0]) {
      backend.setClockAhead(jumpMs);
      backend.behave('good');
      assert.equal(await outcomeOf(source), undefined);
      assert.deepEqual([backend.requests(), backend.refusals().length], [2, 1]);
    }
  });
}

test('reads side by side all heal', async (context) => {
  const { backend, source } = await startSkewed(context);
  assert.equal(await outcomeOf(source), undefined);
  backend.setClockAhead(HOUR_MS);
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(source)));
  assert.deepEqual(outcomes, Array(10).fill(undefined));
});

test('a wrong key is not healed by time', async (context) => {
  const { backend, source } = await startSkewed(context);
  process.env.AWS_SECRET_ACCESS_KEY = 'another';
  assert.equal(await outcomeOf(source), 'backend-unavailable');
  assert.deepEqual([backend.requests(), backend.refusals().length], [2, 2]);
});
