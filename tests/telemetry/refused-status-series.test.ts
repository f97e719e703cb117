import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { STATIC, startContainer } from '../support/started-service.ts';

for (const status of ['403', '401']) {
  test(`under TOKEN_REFUSED_STATUS=${status} a refused token has its series from the start`, async (context) => {
    const port = await freePort();
    const settings = { ...STATIC, TOKEN_REFUSED_STATUS: status, METRICS_PORT: String(port) };
    await startContainer(context, settings);
    const exposition = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    for (const code of ['KMS.0302', 'KMS.0303']) {
      const series = exposition.split('\n').filter((line) => line.includes(`code="${code}"`));
      assert.deepEqual(series, [`gen_random_requests_total{status="${status}",code="${code}"} 0`]);
    }
  });
}
