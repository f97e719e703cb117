import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { type KmsBackend, startKmsBackend } from '../../support/kms-backend.ts';
import { outcomeOf, PAUSE_MS } from '../../support/kms-source-contract.ts';

const HOUR_MS = 3_600_000;
const patience = (): AbortSignal => AbortSignal.timeout(10_000);

suite('a clock that is wrong', { concurrency: 1 }, () => {
  let backend: KmsBackend;
  before(async () => {
    backend = await startKmsBackend(awsDialect);
    Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: backend.origin });
  });
  beforeEach(() => {
    backend.setClockAhead(0);
    backend.behave('good');
  });
  after(() => backend.close());
  const make = () => createAwsKmsSource({ load: async () => createKmsCall(), pauseMs: () => PAUSE_MS });

  for (const [name, aheadMs] of [
    ['an hour behind', HOUR_MS],
    ['an hour ahead', -HOUR_MS],
    ['ten minutes behind', HOUR_MS / 6],
  ] as const) {
    test(`${name} from the start: the second attempt is signed with the service's time`, async () => {
      backend.setClockAhead(aheadMs);
      const source = make();
      assert.equal(await outcomeOf(source, patience()), undefined);
      assert.deepEqual([backend.requests(), backend.refusals().length], [2, 1]);
      backend.behave('good');
      assert.equal(await outcomeOf(source, patience()), undefined);
      assert.deepEqual([backend.requests(), backend.refusals().length], [1, 0]);
    });

    test(`${name} after a success, as in a sandbox that was frozen: it heals in one read, and back`, async () => {
      const source = make();
      assert.equal(await outcomeOf(source, patience()), undefined);
      for (const jumpMs of [aheadMs, 0]) {
        backend.setClockAhead(jumpMs);
        backend.behave('good');
        assert.equal(await outcomeOf(source, patience()), undefined);
        assert.deepEqual([backend.requests(), backend.refusals().length], [2, 1]);
      }
    });
  }

  test('reads side by side all heal', async () => {
    const source = make();
    assert.equal(await outcomeOf(source, patience()), undefined);
    backend.setClockAhead(HOUR_MS);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => outcomeOf(source, patience())));
    assert.deepEqual(outcomes, Array(10).fill(undefined));
  });

  test('a wrong key is not healed by time', async (context) => {
    const secret = process.env.AWS_SECRET_ACCESS_KEY;
    context.after(() => {
      process.env.AWS_SECRET_ACCESS_KEY = secret;
    });
    process.env.AWS_SECRET_ACCESS_KEY = 'another';
    assert.equal(await outcomeOf(make(), patience()), 'backend-unavailable');
    assert.deepEqual([backend.requests(), backend.refusals().length], [2, 2]);
  });
});
