import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { assertWithout } from '../support/secrets.ts';
import { count, DAY_MS, SERVICE_VARIABLES, type TestIam } from '../support/test-iam.ts';
import { start as startService } from './test-service.ts';

// The service's own token, and what IAM's 401 means then.

const start = (context: TestContext, more: Partial<typeof SERVICE_VARIABLES> = {}) =>
  startService(context, { ...SERVICE_VARIABLES, ...more });

function issueMany(iam: TestIam, tokens: number): Promise<string[]> {
  return Promise.all(Array.from({ length: tokens }, () => iam.issue()));
}

/** The service's own tokens, in the order of their first use. */
function ownTokens(iam: TestIam): string[] {
  return [...new Set(iam.asked.flatMap(({ caller }) => caller ?? []))];
}

/** Answers some of the service's requests in a way of its own. */
function unless(iam: TestIam, isGood: (request: IncomingMessage) => boolean, otherwise: RequestListener): void {
  iam.misbehave((request, response) => (isGood(request) ? iam.answer : otherwise)(request, response));
}

const isLogin = ({ method }: IncomingMessage) => method === 'POST';
const isValidation = ({ method }: IncomingMessage) => method === 'GET';
const refuse: RequestListener = (_, response) => response.writeHead(401).end('{"error":{"code":401}}');

test("a validation asks by the service's own token about the caller's", async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  const [login, validation] = iam.asked;
  assert.deepEqual(login, { kind: 'login', caller: undefined, subject: undefined });
  assert.deepEqual([validation?.kind, validation?.subject], ['validation', token]);
  assert.ok(validation?.caller !== undefined && validation.caller !== token);
});

test("a token that IAM does not know is refused, and the service's own is kept", async (context) => {
  const { iam, service } = await start(context);
  const revoked = await iam.issue();
  await iam.revoke(revoked);
  for (const token of ['unknown', 'a b', revoked]) await service.refuses(token, '403 KMS.0302');
  assert.deepEqual([count(iam, 'login'), count(iam, 'validation')], [1, 3]);
});

test('one login serves many requests at once, and all that follow', async (context) => {
  const { iam, service } = await start(context);
  const tokens = await issueMany(iam, 50);
  await Promise.all(tokens.map((token) => service.draws(token)));
  for (const token of await issueMany(iam, 5)) await service.draws(token);
  assert.deepEqual([count(iam, 'login'), count(iam, 'validation')], [1, 55]);
});

test("the service's own token is renewed a minute before it expires", async (context) => {
  const { iam, service } = await start(context);
  const startedAtMs = iam.clock.ms;
  for (const [elapsedMs, logins] of [
    [0, 1],
    [DAY_MS - 60_001, 1],
    [DAY_MS - 60_000, 2],
    [DAY_MS, 2],
  ] as const) {
    iam.clock.ms = startedAtMs + elapsedMs;
    await service.draws(await iam.issue());
    // It is renewed beside the work.
    while (count(iam, 'login') < logins) await turn();
    assert.equal(count(iam, 'login'), logins);
  }
});

test("when IAM refuses the service's own token it is renewed at once, and the caller draws", async (context) => {
  const { iam, service } = await start(context);
  await service.draws(await iam.issue());
  await iam.revoke(ownTokens(iam)[0] ?? '');
  await service.draws(await iam.issue());
  assert.deepEqual([count(iam, 'login'), count(iam, 'validation')], [2, 3]);
  await service.draws(await iam.issue());
  assert.deepEqual([count(iam, 'login'), ownTokens(iam).length], [2, 2]);
});

test("when IAM refuses the service's own token to many at once it is renewed once", async (context) => {
  const { iam, service } = await start(context);
  await service.draws(await iam.issue());
  await iam.revoke(ownTokens(iam)[0] ?? '');
  await Promise.all((await issueMany(iam, 50)).map((token) => service.draws(token)));
  assert.equal(count(iam, 'login'), 2);
});

test("when IAM refuses the renewed token too it is 502, never a word about the caller's", async (context) => {
  const { iam, service } = await start(context);
  await service.draws(await iam.issue());
  unless(iam, isLogin, refuse);
  const token = await iam.issue();
  await service.refuses(token, '502 APIGW.0201');
  assert.deepEqual([count(iam, 'login'), count(iam, 'validation')], [2, 3]);
  iam.misbehave(undefined);
  await service.draws(token);
});

test("when IAM forbids the service's own account to ask it is 502", async (context) => {
  const { iam, service } = await start(context, { IAM_SERVICE_USER: 'reader', IAM_SERVICE_PASSWORD: 'reader' });
  await service.refuses(await iam.issue(), '502 APIGW.0201');
});

const WRONG_ACCOUNTS = [
  { name: 'a wrong password', account: { IAM_SERVICE_PASSWORD: 'wrong' } },
  { name: 'an unknown user', account: { IAM_SERVICE_USER: 'nobody' } },
  { name: 'an unknown domain', account: { IAM_SERVICE_DOMAIN: 'Elsewhere' } },
  { name: 'an unknown project', account: { IAM_SERVICE_PROJECT: 'elsewhere' } },
];
for (const { name, account } of WRONG_ACCOUNTS) {
  test(`an account with ${name} is 502, and is tried once in ten seconds`, async (context) => {
    const { iam, service } = await start(context, account);
    const startedAtMs = iam.clock.ms;
    for (const [elapsedMs, logins] of [
      [0, 1],
      [9_999, 1],
      [10_000, 2],
      [10_000, 2],
    ] as const) {
      iam.clock.ms = startedAtMs + elapsedMs;
      await Promise.all((await issueMany(iam, 10)).map((token) => service.refuses(token, '502 APIGW.0201')));
      assert.equal(count(iam, 'login'), logins);
    }
    assert.equal(count(iam, 'validation'), 0);
  });
}

const EXPIRES_AT = '2099-01-01T00:00:00.000000Z';
const BAD_LOGINS: readonly { name: string; status: number; headers?: Record<string, string>; token?: unknown }[] = [
  { name: 'names no token', status: 201, token: { expires_at: EXPIRES_AT } },
  { name: 'names an empty token', status: 201, headers: { 'X-Subject-Token': '' }, token: { expires_at: EXPIRES_AT } },
  { name: 'names no end', status: 201, headers: { 'X-Subject-Token': 'a' }, token: {} },
  { name: 'is garbage', status: 201, headers: { 'X-Subject-Token': 'a' } },
  { name: 'is 200', status: 200, headers: { 'X-Subject-Token': 'a' }, token: { expires_at: EXPIRES_AT } },
  ...[302, 400, 401, 403, 404, 429, 500, 503].map((status) => ({ name: `is ${status}`, status })),
];
for (const { name, status, headers = {}, token } of BAD_LOGINS) {
  test(`a login whose answer ${name} is 502`, async (context) => {
    const { iam, service } = await start(context);
    unless(iam, isValidation, (_, response) => response.writeHead(status, headers).end(JSON.stringify({ token })));
    await service.refuses(await iam.issue(), '502 APIGW.0201');
    assert.deepEqual([count(iam, 'login'), count(iam, 'validation')], [1, 0]);
  });
}

test("neither the password nor the service's own token nor the caller's is logged", async (context) => {
  const { iam, service } = await start(context);
  const [token, other] = [await iam.issue(), await iam.issue()];
  await service.draws(token);
  unless(iam, isLogin, refuse);
  await service.refuses(other, '502 APIGW.0201');
  assert.equal(service.lines.length, 2);
  assertWithout(service.lines.join('\n'), [SERVICE_VARIABLES.IAM_SERVICE_PASSWORD, token, other, ...ownTokens(iam)]);
});
