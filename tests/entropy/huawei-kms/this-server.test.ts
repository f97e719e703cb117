import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createHuaweiKmsSource } from '../../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import type { AccessKeys } from '../../../lib/huawei-signing/sign-request.ts';
import { createSend } from '../../../lib/outbound/send.ts';
import { appOf } from '../../support/app.ts';
import { PROJECT_ID } from '../../support/contract.ts';
import { startKmsService } from '../../support/kms-service.ts';
import { outcomeOf } from '../../support/kms-source-contract.ts';
import { openServerDoor } from '../../support/server-door.ts';

const KEY = { access_key: 'QTWAOYTTINDUT2QVKYUC', secret_key: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc' };
const KEYS: AccessKeys = { accessKey: KEY.access_key, secretKey: KEY.secret_key, securityToken: undefined };
const patience = (): AbortSignal => AbortSignal.timeout(10_000);

/** This service with signed requests, in the place of Huawei's KMS. */
async function startUpstream(context: TestContext) {
  const lines: Record<string, unknown>[] = [];
  const AKSK_CREDENTIALS = JSON.stringify([{ ...KEY, project_id: PROJECT_ID }]);
  const app = appOf({ AUTH_METHODS: 'aksk', AKSK_CREDENTIALS }, (line) => lines.push(JSON.parse(line)));
  const { port, close } = await openServerDoor(app);
  context.after(close);
  const origin = `http://127.0.0.1:${port}`;
  const make = (more: { keys?: AccessKeys; projectId?: string; now?: () => number } = {}) => {
    const { keys = KEYS, projectId = PROJECT_ID, now = Date.now } = more;
    const send = createSend();
    return createHuaweiKmsSource({
      kmsUrl: origin,
      projectId,
      keys: () => keys,
      send,
      timeoutMs: 5_000,
      pauseMs: () => 1,
      now,
    });
  };
  return { origin, lines, make };
}

suite('huawei-kms against this very server', () => {
  for (const length of [1, 8, 64, 1024]) {
    test(`gives exactly ${length} bytes`, async (context) => {
      const { make, lines } = await startUpstream(context);
      assert.equal((await make().read(length, patience())).length, length);
      assert.deepEqual([lines.length, lines[0]?.bit_length], [1, 8 * length]);
    });
  }

  test('temporary keys: the token is signed too', async (context) => {
    const { make } = await startUpstream(context);
    const keys = { ...KEYS, securityToken: 'gQpjbi1ub3J0aC00-temporary' };
    assert.equal(await outcomeOf(make({ keys }), patience()), undefined);
  });

  const REFUSED = [
    ['a wrong secret', { keys: { ...KEYS, secretKey: 'another' } }],
    ['an unknown key', { keys: { ...KEYS, accessKey: 'ANOTHER' } }],
    ['a key of another project', { projectId: 'f'.repeat(32) }],
    ['a clock that is an hour behind', { now: () => Date.now() - 3_600_000 }],
  ] as const;
  for (const [name, more] of REFUSED) {
    test(`${name} is refused, and not tried again`, async (context) => {
      const { make, lines } = await startUpstream(context);
      assert.equal(await outcomeOf(make(more), patience()), 'backend-unavailable');
      assert.equal(lines.length, 1);
    });
  }

  test('a service draws from another one', async (context) => {
    const { origin, lines } = await startUpstream(context);
    const service = await startKmsService(context, {
      ENTROPY_SOURCES: 'huawei-kms,os',
      HUAWEI_KMS_URL: origin,
      HUAWEI_KMS_PROJECT_ID: PROJECT_ID,
      HUAWEI_ACCESS_KEY: KEY.access_key,
      HUAWEI_SECRET_KEY: KEY.secret_key,
    });
    const { status, body } = await service.draw();
    assert.equal(status, 200, body);
    assert.deepEqual(service.lines.at(-1)?.sources, ['huawei-kms', 'os']);
    assert.ok(lines.every((line) => line.status === 200));
  });
});
