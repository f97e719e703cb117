import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEMO_SCOPE, documentOf, login, type RunningIam, startIam } from './running-iam.ts';

let iam: RunningIam;
before(async () => {
  iam = await startIam();
});
after(() => iam.close());

const DOMAIN = { id: 'default', name: 'Default' };
const PROJECT = { domain: DOMAIN, id: '0123456789abcdef0123456789abcdef', name: 'demo' };

function asUser(user: object, scope?: unknown) {
  return { auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) } };
}

test('a login answers 201 with the token in a header and its document in the body', async () => {
  const response = await iam.call('POST', '/v3/auth/tokens', {}, login('demo', DEMO_SCOPE));
  assert.equal(response.status, 201);
  assert.match(response.headers.get('x-subject-token') ?? '', /^[\w-]{43}$/);
  const endpoint = { interface: 'public', region: 'local', region_id: 'local' };
  assert.deepEqual(await response.json(), {
    token: {
      methods: ['password'],
      expires_at: '2020-01-05T09:08:49.965000Z',
      issued_at: '2020-01-04T09:08:49.965000Z',
      user: { domain: DOMAIN, id: 'u-demo', name: 'demo', password_expires_at: '' },
      project: PROJECT,
      roles: [{ id: '0', name: 'te_admin' }],
      catalog: [
        {
          id: 'identity',
          type: 'identity',
          name: 'identity',
          endpoints: [{ id: 'identity-public', ...endpoint, url: iam.baseUrl }],
        },
        {
          id: 'kms',
          type: 'kms',
          name: 'kms',
          endpoints: [{ id: 'kms-public', ...endpoint, url: 'http://kms.test/v1.0' }],
        },
        {
          id: 'kmsv1',
          type: 'kmsv1',
          name: 'kmsv1',
          endpoints: [{ id: 'kmsv1-public', ...endpoint, url: 'http://kms.test/v1.0' }],
        },
      ],
    },
  });
});

const BY_ID = { id: 'u-demo', password: 'demo' };
const SCOPED = ['user', 'project', 'roles', 'catalog'];
const ACCEPTED = [
  { name: 'a user by id', body: asUser(BY_ID, DEMO_SCOPE), members: SCOPED },
  {
    name: 'a user by name and domain id',
    body: asUser({ name: 'demo', password: 'demo', domain: { id: 'default' } }, DEMO_SCOPE),
    members: SCOPED,
  },
  { name: 'a project by id', body: login('demo', { project: { id: PROJECT.id } }), members: SCOPED },
  {
    name: "a project by name alone, of the user's domain",
    body: login('demo', { project: { name: 'demo' } }),
    members: SCOPED,
  },
  {
    name: 'a project by name and domain',
    body: login('demo', { project: { name: 'demo', domain: { name: 'Default' } } }),
    members: SCOPED,
  },
  {
    name: 'a domain',
    body: login('demo', { domain: { name: 'Default' } }),
    members: ['user', 'domain', 'roles', 'catalog'],
  },
  {
    name: 'a scope that has members of other names too',
    body: login('demo', { ...DEMO_SCOPE, other: {} }),
    members: SCOPED,
  },
  { name: 'no scope', body: login('demo'), members: ['user'] },
  { name: 'scope "unscoped"', body: login('demo', 'unscoped'), members: ['user'] },
  { name: 'scope {"unscoped":{}}', body: login('demo', { unscoped: {} }), members: ['user'] },
];
for (const { name, body, members } of ACCEPTED) {
  test(`a login with ${name} gives a token with ${members.join(', ')}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', {}, body);
    assert.equal(response.status, 201);
    const { token } = await documentOf(response);
    assert.deepEqual(Object.keys(token), ['methods', 'expires_at', 'issued_at', ...members]);
  });
}

for (const query of ['nocatalog', 'nocatalog=true']) {
  test(`?${query} leaves the catalogue out`, async () => {
    const response = await iam.call('POST', `/v3/auth/tokens?${query}`, {}, login('demo', DEMO_SCOPE));
    assert.equal('catalog' in (await documentOf(response)).token, false);
  });
}

const INVALID = { error: { code: 400, message: 'The request body is invalid', title: 'Bad Request' } };

test('a login of exactly 32 KiB is read', async () => {
  const body = JSON.stringify(login('demo')).padEnd(32 * 1024);
  assert.equal((await iam.call('POST', '/v3/auth/tokens', {}, body)).status, 201);
});

for (const [type, status] of [
  ['application/json;charset=utf8', 201],
  ['Application/JSON', 201],
  ['text/plain', 400],
  ['application/x-www-form-urlencoded', 400],
] as const) {
  test(`a login as ${type} is ${status}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', { 'Content-Type': type }, login('demo'));
    assert.equal(response.status, status);
  });
}

test('a login that is not UTF-8 is 400', async () => {
  const body = Buffer.concat([Buffer.from('{"x":"'), Buffer.of(0xff), Buffer.from('"}')]);
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${iam.baseUrl}/auth/tokens`, { method: 'POST', headers, body });
  assert.deepEqual(await response.json(), INVALID);
});
