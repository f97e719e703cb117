import { createHuaweiKmsSource } from '../../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { createSend } from '../../../lib/outbound/send.ts';
import { startKmsBackend } from '../../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect } from '../../support/kms-huawei-dialect.ts';
import { PAUSE_MS, remoteSourceContract } from '../../support/kms-source-contract.ts';

remoteSourceContract('huawei-kms', async () => {
  const backend = await startKmsBackend(huaweiDialect);
  const make = (pauseMs = PAUSE_MS) =>
    createHuaweiKmsSource({
      kmsUrl: backend.origin,
      projectId: HUAWEI_PROJECT_ID,
      keys: () => HUAWEI_KEYS,
      send: createSend(),
      timeoutMs: 60_000,
      pauseMs: () => pauseMs,
      now: Date.now,
    });
  return { backend, make };
});
