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
const WRONG = { error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' } };
const NO_SCOPE = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};
const TOO_LONG = { error: { code: 413, message: 'Request is too large.', title: 'Request Entity Too Large' } };
const TOKEN_METHOD = { auth: { identity: { methods: ['token'], token: { id: 'x' } } } };
const REFUSED = [
  { name: 'no body', body: '', expected: INVALID },
  { name: 'bad JSON', body: '{', expected: INVALID },
  { name: 'JSON null', body: 'null', expected: INVALID },
  { name: 'no identity', body: { auth: {} }, expected: INVALID },
  { name: 'another method', body: TOKEN_METHOD, expected: INVALID },
  { name: 'a user name without a domain', body: asUser({ name: 'demo', password: 'demo' }), expected: INVALID },
  { name: 'no password', body: asUser({ id: 'u-demo' }), expected: INVALID },
  { name: 'a wrong password', body: asUser({ id: 'u-demo', password: 'Demo' }), expected: WRONG },
  { name: 'an unknown user', body: asUser({ id: 'u-nobody', password: 'demo' }), expected: WRONG },
  {
    name: 'the password of a namesake in another domain',
    body: asUser({ name: 'demo', password: 'foreign', domain: { name: 'Default' } }),
    expected: WRONG,
  },
  { name: 'an empty scope', body: login('demo', {}), expected: INVALID },
  {
    name: 'project and domain together',
    body: login('demo', { ...DEMO_SCOPE, domain: { id: 'default' } }),
    expected: INVALID,
  },
  {
    name: 'an unknown project',
    body: login('demo', { project: { name: 'other', domain: { id: 'default' } } }),
    expected: NO_SCOPE,
  },
  {
    name: 'a project of another domain',
    body: login('demo', { project: { name: 'demo', domain: { id: 'other' } } }),
    expected: NO_SCOPE,
  },
  { name: 'a foreign domain', body: login('demo', { domain: { id: 'other' } }), expected: NO_SCOPE },
  {
    name: 'a domain where the user has no role',
    body: login('peer', { domain: { id: 'default' } }),
    expected: NO_SCOPE,
  },
  { name: '32 KiB and one byte', body: ' '.repeat(32 * 1024 + 1), expected: TOO_LONG },
  { name: '512 KiB', body: ' '.repeat(512 * 1024), expected: TOO_LONG },
];
for (const { name, body, expected } of REFUSED) {
  test(`a login with ${name} is ${expected.error.code}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', {}, body);
    assert.equal(response.status, expected.error.code);
    assert.deepEqual(await response.json(), expected);
    assert.equal(response.headers.get('x-subject-token'), null);
  });
}

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
