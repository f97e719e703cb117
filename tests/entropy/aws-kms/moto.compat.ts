import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createAwsKmsSource } from '../../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createKmsCall } from '../../../lib/entropy/aws-kms/kms-call.ts';
import { AWS_ENVIRONMENT } from '../../support/kms-aws-dialect.ts';
import { drawFrom, STATIC, startContainer } from '../../support/started-service.ts';
import { type Moto, startMoto } from './moto.ts';

const patience = (): AbortSignal => AbortSignal.timeout(10_000);

suite("aws-kms against moto's KMS", { concurrency: 1 }, () => {
  let moto: Moto | undefined;
  before(async () => {
    moto = await startMoto();
    Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: moto.origin });
  });
  after(() => moto?.stop());
  const make = () => createAwsKmsSource({ load: async () => createKmsCall(), pauseMs: () => 50 });

  for (const length of [1, 2, 64, 1023, 1024]) {
    test(`gives exactly ${length} bytes`, async () => {
      assert.equal((await make().read(length, patience())).length, length);
    });
  }

  test('gives the same 32 bytes never twice', async () => {
    const source = make();
    const seen = new Set<string>();
    for (let count = 0; count < 200; count += 1) {
      seen.add(Buffer.from(await source.read(32, patience())).toString('hex'));
    }
    assert.equal(seen.size, 200);
  });

  test('what KMS refuses is backend-unavailable: one byte more than it gives', async () => {
    await assert.rejects(make().read(1025, patience()), { key: 'backend-unavailable' });
  });

  test('the whole service draws from it', async (context) => {
    const sources = { ENTROPY_SOURCES: 'aws-kms,node-crypto,os', ...AWS_ENVIRONMENT };
    const service = await startContainer(context, { ...STATIC, ...sources });
    assert.match(await (await drawFrom(service)).text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);
    assert.deepEqual(service.audited().at(-1)?.sources, ['aws-kms', 'node-crypto', 'os']);
  });
});
