import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { HuaweiKmsOptions } from '../../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { PROJECT_ID } from '../../support/contract.ts';
import { huaweiKmsAt, outcomeOf, patience } from '../../support/kms-sources.ts';
import { columns } from '../../support/samples.ts';
import { AKSK_CREDENTIALS, KEY } from '../../support/signed-request.ts';
import { drawFrom, STATIC, startContainer } from '../../support/started-service.ts';
import { assertRefused } from '../refusals.ts';

const KEYS = { accessKey: KEY.accessKey, secretKey: KEY.secretKey, securityToken: undefined };

/** This service with signed requests, in the place of Huawei's KMS, and a source that asks it. */
async function start(context: TestContext, options: Partial<HuaweiKmsOptions> = {}) {
  const upstream = await startContainer(context, { AUTH_METHODS: 'aksk', AKSK_CREDENTIALS: AKSK_CREDENTIALS });
  const source = huaweiKmsAt(upstream.origin, 1, { projectId: PROJECT_ID, keys: () => KEYS, ...options });
  return { ...upstream, source };
}

suite('huawei-kms against this very server', () => {
  test('gives exactly the bytes that are wanted, in one request each', async (context) => {
    const { source, audited } = await start(context);
    for (const length of [1, 8, 64, 1024]) assert.equal((await source.read(length, patience())).length, length);
    assert.deepEqual(columns(audited(), 'bit_length').flat(), [8, 64, 512, 8192]);
  });

  test('temporary keys: the token is signed too', async (context) => {
    const keys = () => ({ ...KEYS, securityToken: 'gQpjbi1ub3J0aC00-temporary' });
    assert.equal(await outcomeOf((await start(context, { keys })).source), undefined);
  });

  const REFUSED: readonly (readonly [name: string, options: Partial<HuaweiKmsOptions>, requests: number])[] = [
    ['a wrong secret', { keys: () => ({ ...KEYS, secretKey: 'another' }) }, 1],
    ['an unknown key', { keys: () => ({ ...KEYS, accessKey: 'ANOTHER' }) }, 1],
    ['a key of another project', { projectId: 'f'.repeat(32) }, 1],
    ['a clock that is an hour behind', { now: () => Date.now() - 3_600_000 }, 1],
    ['no key at all', { keys: () => undefined }, 0],
  ];
  for (const [name, options, requests] of REFUSED) {
    test(`${name} is refused, and not tried again`, async (context) => {
      const { source, audited } = await start(context, options);
      assert.equal(await outcomeOf(source), 'backend-unavailable');
      assert.equal(audited().length, requests);
    });
  }

  test('a service draws from another one', async (context) => {
    const { origin, audited } = await start(context);
    const service = await startContainer(context, {
      ...STATIC,
      ENTROPY_SOURCES: 'huawei-kms,os',
      HUAWEI_KMS_URL: origin,
      HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
      HUAWEI_ACCESS_KEY: KEY.accessKey,
      HUAWEI_SECRET_KEY: KEY.secretKey,
    });
    assert.equal((await drawFrom(service)).status, 200);
    assert.deepEqual(service.audited().at(-1)?.sources, ['huawei-kms', 'os']);
    assert.ok(audited().every((line) => line.status === 200));
  });
});

for (const [failure, key, attempts] of [
  ['timeout', 'backend-timeout', 1],
  ['unreachable', 'backend-unavailable', 2],
  ['bad-answer', 'backend-unavailable', 1],
] as const) {
  test(`a network that fails (${failure}): ${key} after ${attempts}, the cause kept`, async () => {
    const cause = new Error('scripted');
    let sent = 0;
    const send: HuaweiKmsOptions['send'] = async () => {
      sent += 1;
      return { kind: 'failed', failure, detail: 'scripted', cause };
    };
    const source = huaweiKmsAt('https://kms.test', 1, { send });
    const error = await assertRefused(() => source.read(64, patience()), key, /^source-\S+ huawei-kms: scripted$/);
    assert.equal(error.cause, cause);
    assert.equal(sent, attempts);
  });
}
