import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall, type KmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import { ServiceError } from '../../../lib/errors.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../../support/kms-backend.ts';
import { outcomeOf } from '../../support/kms-source-contract.ts';

const never = new Promise<never>(() => undefined);
const patience = (): AbortSignal => AbortSignal.timeout(10_000);

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
  await assert.rejects(source.read(64, patience()), (error) => {
    assert.ok(error instanceof ServiceError);
    assert.deepEqual(
      [error.key, error.reason, error.detail],
      ['backend-unavailable', 'source-failed', 'aws-kms: no SDK beside it: kms.js was not loaded'],
    );
    return true;
  });
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

test('a call that fails after it was given up bothers nobody', async (context) => {
  const unhandled: unknown[] = [];
  const keep = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', keep);
  context.after(() => process.off('unhandledRejection', keep));
  const late: KmsCall = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    throw new Error('late');
  };
  assert.equal(
    await outcomeOf(
      sourceOf(async () => late),
      AbortSignal.timeout(10),
    ),
    'backend-timeout',
  );
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(unhandled, []);
});

test("the SDK's array is zeroed once it is copied", async () => {
  const given = Uint8Array.from([1, 2, 3]);
  const bytes = await sourceOf(async () => async () => given).read(3, patience());
  assert.deepEqual(
    [[...bytes], [...given]],
    [
      [1, 2, 3],
      [0, 0, 0],
    ],
  );
});

test('nobody listens: backend-unavailable', async () => {
  const backend = await startKmsBackend(awsDialect);
  backend.close();
  Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: backend.origin });
  assert.equal(
    await outcomeOf(
      sourceOf(async () => createKmsCall()),
      patience(),
    ),
    'backend-unavailable',
  );
});

test('no credentials anywhere: backend-unavailable, at once', async () => {
  const backend = await startKmsBackend(awsDialect);
  const { AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_EC2_METADATA_DISABLED } = AWS_ENVIRONMENT;
  for (const name of Object.keys(AWS_ENVIRONMENT)) delete process.env[name];
  const bare = { AWS_REGION, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, AWS_EC2_METADATA_DISABLED };
  Object.assign(process.env, bare, { AWS_ENDPOINT_URL_KMS: backend.origin });
  assert.equal(
    await outcomeOf(
      sourceOf(async () => createKmsCall()),
      patience(),
    ),
    'backend-unavailable',
  );
  assert.equal(backend.requests(), 0);
  backend.close();
});
