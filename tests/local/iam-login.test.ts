import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loginOf, startTestIam } from '../support/test-iam.ts';
import { DEMO_SCOPE, documentOf, refusal } from './iam-document.ts';

const iam = await startTestIam({ after });

const DOMAIN = { id: 'default', name: 'Default' };
const PROJECT = { domain: DOMAIN, id: '0123456789abcdef0123456789abcdef', name: 'demo' };

function asUser(user: object, scope?: unknown) {
  return { auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) } };
}

test('a login answers 201 with the token in a header and its document in the body', async () => {
  const response = await iam.call('POST', '/v3/auth/tokens', {}, loginOf('demo', DEMO_SCOPE));
  assert.equal(response.status, 201);
  assert.match(response.headers.get('x-subject-token') ?? '', /^[\w-]{43}$/);
  const kmsUrl = iam.url.replace('/v3', '/v1.0');
  assert.deepEqual(await response.json(), {
    token: {
      methods: ['password'],
      expires_at: '2025-08-07T10:15:30.965000Z',
      issued_at: '2025-08-06T10:15:30.965000Z',
      user: { domain: DOMAIN, id: 'u-demo', name: 'demo', password_expires_at: '' },
      project: PROJECT,
      roles: [{ id: 'te_admin', name: 'te_admin' }],
      catalog: [
        ['identity', iam.url],
        ['kms', kmsUrl],
        ['kmsv1', kmsUrl],
      ].map(([type, url]) => ({
        id: type,
        type,
        name: type,
        endpoints: [{ id: `${type}-public`, interface: 'public', region: 'local', region_id: 'local', url }],
      })),
    },
  });
});

const BY_ID = { id: 'u-demo', password: 'demo' };
const SCOPED = ['user', 'project', 'roles', 'catalog'];
const ACCEPTED: readonly (readonly [name: string, body: object, members: readonly string[]])[] = [
  ['a user by id', asUser(BY_ID, DEMO_SCOPE), SCOPED],
  [
    'a user by name and domain id',
    asUser({ name: 'demo', password: 'demo', domain: { id: 'default' } }, DEMO_SCOPE),
    SCOPED,
  ],
  ['a project by id', loginOf('demo', { project: { id: PROJECT.id } }), SCOPED],
  ["a project by name alone, of the user's domain", loginOf('demo', { project: { name: 'demo' } }), SCOPED],
  ['a project by name and domain', loginOf('demo', { project: { name: 'demo', domain: { name: 'Default' } } }), SCOPED],
  ['a domain', loginOf('demo', { domain: { name: 'Default' } }), ['user', 'domain', 'roles', 'catalog']],
  ['a scope that has members of other names too', loginOf('demo', { ...DEMO_SCOPE, other: {} }), SCOPED],
  ['no scope', loginOf('demo'), ['user']],
  ['scope "unscoped"', loginOf('demo', 'unscoped'), ['user']],
  ['scope {"unscoped":{}}', loginOf('demo', { unscoped: {} }), ['user']],
];
for (const [name, body, members] of ACCEPTED) {
  test(`a login with ${name} gives a token with ${members.join(', ')}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', {}, body);
    assert.equal(response.status, 201);
    const { token } = await documentOf(response);
    assert.deepEqual(Object.keys(token), ['methods', 'expires_at', 'issued_at', ...members]);
  });
}

for (const query of ['nocatalog', 'nocatalog=true']) {
  test(`?${query} leaves the catalogue out`, async () => {
    const response = await iam.call('POST', `/v3/auth/tokens?${query}`, {}, loginOf('demo', DEMO_SCOPE));
    assert.equal('catalog' in (await documentOf(response)).token, false);
  });
}

test('a login of exactly 32 KiB is read', async () => {
  const body = JSON.stringify(loginOf('demo')).padEnd(32 * 1024);
  assert.equal((await iam.call('POST', '/v3/auth/tokens', {}, body)).status, 201);
});

for (const [type, status] of [
  ['application/json;charset=utf8', 201],
  ['Application/JSON', 201],
  ['text/plain', 400],
  ['application/x-www-form-urlencoded', 400],
] as const) {
  test(`a login as ${type} is ${status}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', { 'Content-Type': type }, loginOf('demo'));
    assert.equal(response.status, status);
  });
}

test('a login that is not UTF-8 is 400', async () => {
  const body = Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')]);
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${iam.url}/auth/tokens`, { method: 'POST', headers, body });
  assert.deepEqual(await response.json(), refusal(400, 'Bad Request', 'The request body is invalid'));
});
