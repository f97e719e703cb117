import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DAY_MS, loginOf, startTestIam } from '../support/test-iam.ts';
import { DEMO_SCOPE, documentOf, refusal } from './iam-document.ts';

const iam = await startTestIam({ after });

function byToken(id: string, scope?: unknown) {
  return { auth: { identity: { methods: ['token'], token: { id } }, ...(scope !== undefined && { scope }) } };
}

const rescope = (id: string, scope?: unknown) => iam.call('POST', '/v3/auth/tokens', {}, byToken(id, scope));

const SECOND = { project: { name: 'second', domain: { id: 'default' } } };
const RESCOPINGS = [
  {
    name: 'from none to a project',
    from: 'unscoped',
    to: DEMO_SCOPE,
    members: ['user', 'project', 'roles', 'catalog'],
  },
  {
    name: 'from one project to another',
    from: DEMO_SCOPE,
    to: SECOND,
    members: ['user', 'project', 'roles', 'catalog'],
  },
  {
    name: 'from a project to the domain',
    from: DEMO_SCOPE,
    to: { domain: { id: 'default' } },
    members: ['user', 'domain', 'roles', 'catalog'],
  },
  { name: 'from a project to none', from: DEMO_SCOPE, to: undefined, members: ['user'] },
];
for (const { name, from, to, members } of RESCOPINGS) {
  test(`a token is rescoped ${name}, and ends when the old one does`, async () => {
    const [startMs, old] = [iam.clock.ms, await iam.issue('demo', from)];
    iam.clock.ms += 60_000;
    const response = await rescope(old, to);
    assert.equal(response.status, 201);
    assert.notEqual(response.headers.get('x-subject-token'), old);
    const { token } = await documentOf(response);
    assert.deepEqual(Object.keys(token), ['methods', 'expires_at', 'issued_at', ...members]);
    assert.deepEqual(
      [token.methods, token.issued_at, token.expires_at],
      [['password', 'token'], timestamp(startMs + 60_000), timestamp(startMs + DAY_MS)],
    );
  });
}

test('a rescoped token is rescoped again, and its methods are named once', async () => {
  const once = (await rescope(await iam.issue('demo'), 'unscoped')).headers.get('x-subject-token') ?? '';
  const { token } = await documentOf(await rescope(once, SECOND));
  assert.deepEqual([token.methods, token.project?.name], [['password', 'token'], 'second']);
});

test('a token is not rescoped to a project of others', async () => {
  const response = await rescope(await iam.issue('reader'), SECOND);
  assert.equal(response.status, 401);
});

for (const [name, spoil] of [
  ['revoked', async (token: string) => void (await iam.call('DELETE', '/v3/auth/tokens', both(token)))],
  [
    'expired',
    async () => {
      iam.clock.ms += DAY_MS;
    },
  ],
] as const) {
  test(`a token that has been ${name} is not rescoped`, async () => {
    const token = await iam.issue('demo');
    await spoil(token);
    const response = await rescope(token, DEMO_SCOPE);
    assert.deepEqual(await response.json(), refusal(404, 'Not Found', 'Failed to validate token'));
  });
}

test('the end of the old token leaves the new one', async () => {
  const old = await iam.issue('demo');
  const token = (await rescope(old, DEMO_SCOPE)).headers.get('x-subject-token') ?? '';
  await iam.call('DELETE', '/v3/auth/tokens', both(old));
  assert.equal((await iam.call('GET', '/v3/auth/tokens', both(token))).status, 200);
});

for (const [name, owner, status] of [
  ['of one user give', 'demo', 201],
  ['of two users give no', 'reader', 401],
] as const) {
  test(`password and token ${name} token`, async () => {
    const { auth } = loginOf('demo', DEMO_SCOPE);
    const identity = { ...auth.identity, methods: ['password', 'token'], token: { id: await iam.issue(owner) } };
    const response = await iam.call('POST', '/v3/auth/tokens', {}, { auth: { ...auth, identity } });
    assert.equal(response.status, status);
  });
}

function both(token: string): Record<string, string> {
  return { 'X-Auth-Token': token, 'X-Subject-Token': token };
}

/** As Keystone writes it. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
