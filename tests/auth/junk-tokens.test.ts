import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './test-service.ts';

// What IAM finds fault with in the token itself is the token's fault: no stranger raises an outage alarm.

for (const [status, reason] of [
  [400, 'token-malformed-to-iam'],
  [413, 'token-too-long-for-iam'],
  [414, 'token-too-long-for-iam'],
  [431, 'token-too-long-for-iam'],
] as const) {
  test(`a token that IAM answers with ${status} is KMS.0302, remembered for ten seconds`, async (context) => {
    const { iam, service } = await start(context);
    const good = await iam.issue();
    iam.misbehave((_, response) => response.writeHead(status).end('<html>no</html>'));
    for (const [afterMs, questions] of [
      [0, 1],
      [9_999, 1],
      [1, 2],
    ] as const) {
      iam.clock.ms += afterMs;
      await service.refuses('junk', '403 KMS.0302');
      assert.equal(iam.asked.length, questions);
    }
    const lines = service.lines.map((line) => JSON.parse(line));
    for (const line of lines) assert.deepEqual([line.level, line.status, line.reason], ['warn', 403, reason]);
    iam.misbehave(undefined);
    await service.draws(good);
  });
}
