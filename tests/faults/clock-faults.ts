import assert from 'node:assert/strict';
import { KNOWN, startIamBackend } from '../support/iam-backend.ts';
import { AKSK_CREDENTIALS, signedHeaders } from '../support/signed-request.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import { startWorld } from './world.ts';

const MINUTES_20_MS = 20 * 60_000;

export const CLOCK_FAULTS: readonly Fault[] = [
  {
    name: "a signing client's clock and ours are twenty minutes apart",
    client: '401 APIGW.0301',
    reason: 'signature-out-of-date',
    metric: 'gen_random_requests_total{status="401",code="APIGW.0301"}',
    alert: 'GenRandomManyTokensRefused',
    heals: NEXT_REQUEST,
    async run(context) {
      const world = await startWorld(context, {
        AUTH_METHODS: 'aksk',
        AKSK_CREDENTIALS,
      });
      const at = (ms: number) => signedHeaders({}, ms);
      for (const aheadMs of [MINUTES_20_MS, -MINUTES_20_MS]) {
        await world.expects('401 APIGW.0301', 'signature-out-of-date', at(Date.now() + aheadMs));
      }
      assert.equal(await world.metric('gen_random_requests_total{status="401",code="APIGW.0301"}'), 2);
      await world.expects('bytes', undefined, at(Date.now()));
    },
  },
  {
    name: "our clock is ahead of IAM's by more than a token lives",
    client: '403 KMS.0303 (401 under `TOKEN_REFUSED_STATUS=401`)',
    reason: 'expired-token',
    metric: 'gen_random_token_verifications_total{result="rejected"}',
    alert: 'GenRandomAllTokensRefused',
    heals: `${NEXT_REQUEST} that has a new token; a refused one is remembered for 10 seconds`,
    async run(context) {
      const iam = await startIamBackend();
      context.after(() => iam.close());
      const world = await startWorld(context, { AUTH_METHODS: 'iam', IAM_URL: iam.url });
      await iam.behave('expired');
      await world.expects('403 KMS.0303', 'expired-token', { 'X-Auth-Token': `${KNOWN}old` });
      assert.equal(await world.metric('gen_random_token_verifications_total{result="rejected"}'), 1);
      await iam.behave('good');
      await world.expects('bytes', undefined, { 'X-Auth-Token': `${KNOWN}new` });
    },
  },
];
