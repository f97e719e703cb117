import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEMO, DEMO_KEY } from '../../lib/local/demo.ts';
import { type Outcome, python, startClient } from './clients.ts';
import { type Service, startLocalRun } from './service.ts';

let local: Service;
before(async () => {
  local = await startLocalRun();
});
after(() => local.stop());

async function draw(settings: Readonly<Record<string, string>>): Promise<Outcome> {
  const client = startClient(python('huawei_schemes.py'), {
    KMS_ENDPOINT: local.baseUrl,
    HUAWEICLOUD_SDK_AK: DEMO_KEY.accessKey,
    HUAWEICLOUD_SDK_SK: DEMO_KEY.secretKey,
    HUAWEICLOUD_SDK_PROJECT_ID: DEMO.project.id,
    ...settings,
  });
  try {
    return await client.draw(512);
  } finally {
    client.stop();
  }
}

const VERIFIED = [
  { ALGORITHM: 'HMAC_SHA256' },
  { ALGORITHM: 'HMAC_SM3' },
  { DERIVED: 'yes' },
  { USER_AGENT: '应用/1.0' },
  { USER_AGENT: 'Größe/1.0', DERIVED: 'yes' },
];
for (const settings of VERIFIED) {
  const shown = Object.entries(settings).flat().join(' ');
  test(`the SDK for Python with ${shown} signs and draws`, async () => {
    const outcome = await draw(settings);
    assert.equal(outcome.random_data?.length, 128, outcome.shown);
  });

  test(`the SDK for Python with ${shown} and a wrong secret is refused`, async () => {
    const { code } = await draw({ ...settings, HUAWEICLOUD_SDK_SK: 'not-the-secret-key' });
    assert.equal(code, 'APIGW.0301');
  });
}
