import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { appOf } from '../support/app.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from '../support/contract.ts';
import { checkRow } from '../support/contract-rows.ts';
import { openHttpApi } from '../support/doors.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { count, DAY_MS, startTestIam } from '../support/test-iam.ts';
import { CACHE_MS, start, startTestService } from './test-service.ts';

// A token from the wire to IAM and back. What the cache does by itself is in cached-verifier.test.ts, what IAM does
// wrong in iam-misbehaves.test.ts, many at once in verification-crowd.test.ts, secrecy in verification-secrecy.test.ts.

test('white space around a token is no part of it: it is the same token, asked about once', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  for (const spelling of [token, ` ${token}`, `${token}\t`, ` \t ${token} \t `]) await service.draws(spelling);
  assert.deepEqual(iam.asked, [{ kind: 'validation', caller: token, subject: token }]);
});

test('a token that ends before its time in the cache is refused at once, on a hit too', async (context) => {
  const { iam, service } = await start(context, {}, { lifetimeSeconds: 60 });
  const token = await iam.issue();
  await service.draws(token);
  iam.clock.ms += 59_999;
  await service.draws(token);
  iam.clock.ms += 1;
  await service.refuses(token, '403 KMS.0303');
  assert.equal(count(iam, 'validation'), 1);
});

test('a token that has expired for us and not for IAM is refused', async (context) => {
  const iam = await startTestIam(context);
  const token = await iam.issue();
  const late = { ms: iam.clock.ms + DAY_MS };
  await (await startTestService(context, { url: iam.url, clock: late })).refuses(token, '403 KMS.0303');
});

test('a token revoked at IAM is refused when its time in the cache is over, and not before', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  await iam.revoke(token);
  iam.clock.ms += CACHE_MS - 1;
  await service.draws(token);
  iam.clock.ms += 1;
  await service.refuses(token, '403 KMS.0302');
});

test('with a cache time of 0 a token revoked at IAM is refused at once', async (context) => {
  const { iam, service } = await start(context, { TOKEN_CACHE_TTL_SECONDS: '0' });
  const token = await iam.issue();
  await service.draws(token);
  await iam.revoke(token);
  await service.refuses(token, '403 KMS.0302');
  assert.equal(count(iam, 'validation'), 2);
});

test('TOKEN_CACHE_ENTRIES bounds the cache', async (context) => {
  const { iam, service } = await start(context, { TOKEN_CACHE_ENTRIES: '1' });
  const [one, two] = [await iam.issue(), await iam.issue()];
  for (const token of [one, one, two, one]) await service.draws(token);
  assert.equal(count(iam, 'validation'), 3);
});

test('the project is judged on every request, with a token from the cache too', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const path = `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random`;
  await service.draws(token);
  await service.refuses(token, '403 KMS.0321', { path });
  await service.draws(token);
  const other = await iam.issue('demo', { project: { id: OTHER_PROJECT_ID } });
  await service.draws(other, { path });
  await service.refuses(other, '403 KMS.0321');
  assert.equal(count(iam, 'validation'), 2);
});

test('the roles are judged on every request, and a token without one is no refused token', async (context) => {
  const { iam, service } = await start(context, { IAM_ALLOWED_ROLES: 'te_admin' });
  const [reader, demo] = [await iam.issue('reader'), await iam.issue('demo')];
  for (const _ of [1, 2]) {
    await service.refuses(reader, '403 KMS.0307');
    await service.draws(demo);
  }
  iam.clock.ms += CACHE_MS - 1;
  await service.refuses(reader, '403 KMS.0307');
  assert.equal(count(iam, 'validation'), 2);
});

test('a static token is known by its digest in any case, and what is in no list is not', async () => {
  const digest = hash('sha256', STATIC_TOKEN, 'hex');
  const almost = hash('sha256', 'almost', 'hex').replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const digests = { [PROJECT_ID]: [almost, digest.toUpperCase()] };
  const door = openHttpApi(appOf({ ...STATIC, STATIC_TOKENS: JSON.stringify(digests) }));
  const row = { name: '', answer: '403 KMS.0302' as const };
  await checkRow(door, '', { ...row, request: { tokens: [STATIC_TOKEN] }, answer: 512 });
  for (const token of [digest, `${STATIC_TOKEN}x`, 'almost']) {
    await checkRow(door, '', { ...row, request: { tokens: [token] } });
  }
  const path = `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random`;
  await checkRow(door, '', { ...row, request: { tokens: [STATIC_TOKEN], path }, answer: '403 KMS.0321' });
});

test('a token that is in no list of ours is asked about where IAM is on too', async (context) => {
  const { iam, service } = await start(context, { ...STATIC, AUTH_METHODS: 'iam,static' });
  const known = await iam.issue();
  for (const good of [STATIC_TOKEN, known]) await service.draws(good);
  await service.refuses('somebody-else', '403 KMS.0302');
  assert.deepEqual(
    iam.asked.map(({ subject }) => subject),
    [known, 'somebody-else'],
  );
});
