import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { appOf } from '../support/app.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from '../support/contract.ts';
import { checkRow } from '../support/contract-rows.ts';
import { openServerDoor } from '../support/server-door.ts';
import { count, DAY_MS, startTestIam, type TestIamOptions } from './test-iam.ts';
import { CACHE_MS, startTestService, type TestServiceOptions } from './test-service.ts';

// What a token verifier must do, by the numbers of the list that this one is held to. 3 is in service-token.test.ts, 4 in
// iam-misbehaves.test.ts, 6 in verification-secrecy.test.ts and cached-verifier.test.ts, 7 and 8 in verification-crowd.test.ts.

async function start(context: TestContext, options: Partial<TestServiceOptions> & TestIamOptions = {}) {
  const iam = await startTestIam(context, options);
  const service = await startTestService(context, { iamUrl: iam.url, clock: iam.clock, ...options });
  return { iam, service };
}

const MALFORMED = ['', ' \t ', 'a,b', ',', 'a\tb', 'tok\u00e9n', 'x'.repeat(32 * 1024 + 1)];
for (const token of MALFORMED) {
  const name = token.length > 20 ? `${token.length} characters` : JSON.stringify(token);
  test(`1: a token of ${name} is 401 with a challenge, and IAM is not asked`, async (context) => {
    const { iam, service } = await start(context);
    await service.refuses(token, '401 KMS.0301');
    assert.deepEqual(iam.asked, []);
  });
}

test('2: white space around a token is no part of it: it is the same token, asked about once', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  for (const spelling of [token, ` ${token}`, `${token}\t`, ` \t ${token} \t `]) await service.draws(spelling);
  assert.deepEqual(iam.asked, [{ kind: 'validation', caller: token, subject: token }]);
});

test('5: a token is asked about again when its time in the cache is over', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  iam.clock.ms += CACHE_MS - 1;
  await service.draws(token);
  assert.equal(count(iam, 'validation'), 1);
  iam.clock.ms += 1;
  await service.draws(token);
  assert.equal(count(iam, 'validation'), 2);
});

test('5: a token that ends before its time in the cache is refused at once, on a hit too', async (context) => {
  const { iam, service } = await start(context, { lifetimeSeconds: 60 });
  const token = await iam.issue();
  await service.draws(token);
  iam.clock.ms += 59_999;
  await service.draws(token);
  iam.clock.ms += 1;
  await service.refuses(token, '403 KMS.0303');
  await service.refuses(token, '403 KMS.0303');
  assert.equal(count(iam, 'validation'), 1);
});

test('5: a token that has expired for us and not for IAM is refused', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const late = { ms: iam.clock.ms + DAY_MS };
  const ours = await startTestService(context, { iamUrl: iam.url, clock: late });
  await service.draws(token);
  await ours.refuses(token, '403 KMS.0303');
});

test('5: a token revoked at IAM is refused when its time in the cache is over, and not before', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  await iam.revoke(token);
  iam.clock.ms += CACHE_MS - 1;
  await service.draws(token);
  iam.clock.ms += 1;
  await service.refuses(token, '403 KMS.0302');
});

test('5: with a cache time of 0 a token revoked at IAM is refused at once', async (context) => {
  const { iam, service } = await start(context, { ttlMs: 0 });
  const token = await iam.issue();
  await service.draws(token);
  await iam.revoke(token);
  await service.refuses(token, '403 KMS.0302');
  assert.equal(count(iam, 'validation'), 2);
});

test('9: the project is judged on every request, with a token from the cache too', async (context) => {
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

test('9: the roles are judged on every request, and a token without one is no refused token', async (context) => {
  const { iam, service } = await start(context, { allowedRoles: ['te_admin'] });
  const [reader, demo] = [await iam.issue('reader'), await iam.issue('demo')];
  for (const _ of [1, 2]) {
    await service.refuses(reader, '403 KMS.0307');
    await service.draws(demo);
  }
  iam.clock.ms += CACHE_MS - 1;
  await service.refuses(reader, '403 KMS.0307');
  assert.equal(count(iam, 'validation'), 2);
});

test('10: an old verdict is not good for longer because IAM is out', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  await iam.kill();
  iam.clock.ms += CACHE_MS - 1;
  await service.draws(token);
  iam.clock.ms += 1;
  await service.refuses(token, '502 APIGW.0201');
  await iam.revive();
  await service.draws(token);
});

// 11, the metrics, is not built yet.

test('12: a static token is known by its digest, and what is in no list is not', async (context) => {
  const token = 'a-token-of-the-operator';
  const almost = hash('sha256', 'almost', 'hex').replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const known = ['another', token].map((each) => hash('sha256', each, 'hex').toUpperCase());
  const digests = { [PROJECT_ID]: [...known, almost] };
  const environment = { AUTH_METHODS: 'static', STATIC_TOKENS: JSON.stringify(digests) };
  const { door, close } = await openServerDoor(appOf(environment, () => undefined));
  context.after(close);
  const row = (tokens: string[], answer: 512 | '403 KMS.0302' | '403 KMS.0321', path?: string) =>
    checkRow(door, '', { name: '', request: { tokens, ...(path !== undefined && { path }) }, answer });
  await row([token], 512);
  await row(['another'], 512);
  await row([hash('sha256', token, 'hex')], '403 KMS.0302');
  await row([`${token}x`], '403 KMS.0302');
  await row(['almost'], '403 KMS.0302');
  await row([token], '403 KMS.0321', `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random`);
});

test('12: a token that is in no list of ours is asked about where IAM is on too', async (context) => {
  const iam = await startTestIam(context);
  const token = 'a-token-of-the-operator';
  const digests = { [PROJECT_ID]: [hash('sha256', token, 'hex')] };
  const environment = { AUTH_METHODS: 'iam,static', STATIC_TOKENS: JSON.stringify(digests), IAM_URL: iam.url };
  const { door, close } = await openServerDoor(appOf(environment, () => undefined));
  context.after(close);
  iam.clock.ms = Date.now();
  const [known, unknown] = [await iam.issue(), 'somebody-else'];
  for (const good of [token, known])
    await checkRow(door, iam.url, { name: '', request: { tokens: [good] }, answer: 512 });
  await checkRow(door, iam.url, { name: '', request: { tokens: [unknown] }, answer: '403 KMS.0302' });
  assert.deepEqual(
    iam.asked.map(({ subject }) => subject),
    [known, unknown],
  );
});
