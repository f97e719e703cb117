import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEMO_SCOPE, login, type RunningIam, startIam } from './running-iam.ts';

let iam: RunningIam;
before(async () => {
  iam = await startIam();
});
after(() => iam.close());

const BY_ID = { id: 'u-demo', password: 'demo' };

function asUser(user: object) {
  return { auth: { identity: { methods: ['password'], password: { user } } } };
}

const INVALID = { error: { code: 400, message: 'The request body is invalid', title: 'Bad Request' } };
const WRONG = { error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' } };
const NO_SCOPE = {
  error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
};
const TOO_LONG = { error: { code: 413, message: 'Request is too large.', title: 'Request Entity Too Large' } };
const UNSUPPORTED = {
  error: {
    code: 401,
    identity: { methods: ['password', 'token'] },
    message: 'Attempted to authenticate with an unsupported method.',
    title: 'Unauthorized',
  },
};
const MALFORMED =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.';
const NO_PAYLOAD = {
  error: { code: 400, message: `Expecting to find totp in identity. ${MALFORMED}`, title: 'Bad Request' },
};
const BAD_SCOPE = {
  error: {
    code: 400,
    message: `Expecting to find system, project, domain, OS-TRUST:trust or unscoped in scope. ${MALFORMED}`,
    title: 'Bad Request',
  },
};
const UNKNOWN_TOKEN = { error: { code: 404, message: 'Failed to validate token', title: 'Not Found' } };

function byMethods(methods: readonly unknown[], members: object) {
  return { auth: { identity: { methods, ...members }, scope: DEMO_SCOPE } };
}
const REFUSED = [
  { name: 'no body', body: '', expected: INVALID },
  { name: 'bad JSON', body: '{', expected: INVALID },
  { name: 'JSON null', body: 'null', expected: INVALID },
  { name: 'no identity', body: { auth: {} }, expected: INVALID },
  {
    name: 'a method that it lacks',
    body: byMethods(['hw_ak_sk'], { hw_ak_sk: { access: { key: 'a' } } }),
    expected: UNSUPPORTED,
  },
  {
    name: 'a method that it lacks beside one that it has',
    body: byMethods(['password', 'totp'], { password: { user: BY_ID }, totp: {} }),
    expected: UNSUPPORTED,
  },
  { name: 'a method without its member', body: byMethods(['totp'], {}), expected: NO_PAYLOAD },
  { name: 'no method', body: byMethods([], { password: { user: BY_ID } }), expected: NO_SCOPE },
  { name: 'a method that is no word', body: byMethods([5], {}), expected: INVALID },
  { name: 'an unknown token', body: byMethods(['token'], { token: { id: 'x' } }), expected: UNKNOWN_TOKEN },
  { name: 'a token without an id', body: byMethods(['token'], { token: {} }), expected: INVALID },
  { name: 'a user name without a domain', body: asUser({ name: 'demo', password: 'demo' }), expected: INVALID },
  { name: 'no password', body: asUser({ id: 'u-demo' }), expected: INVALID },
  { name: 'a wrong password', body: asUser({ id: 'u-demo', password: 'Demo' }), expected: WRONG },
  { name: 'an unknown user', body: asUser({ id: 'u-nobody', password: 'demo' }), expected: WRONG },
  {
    name: 'the password of a namesake in another domain',
    body: asUser({ name: 'demo', password: 'foreign', domain: { name: 'Default' } }),
    expected: WRONG,
  },
  { name: 'an empty scope', body: login('demo', {}), expected: BAD_SCOPE },
  { name: 'a scope of another name', body: login('demo', { galaxy: {} }), expected: BAD_SCOPE },
  { name: 'a scope in another word', body: login('demo', 'everything'), expected: BAD_SCOPE },
  { name: 'a scope in a number', body: login('demo', 5), expected: INVALID },
  {
    name: 'project and domain together',
    body: login('demo', { ...DEMO_SCOPE, domain: { id: 'default' } }),
    expected: BAD_SCOPE,
  },
  { name: 'the system as scope', body: login('demo', { system: { all: true } }), expected: NO_SCOPE },
  { name: 'a trust as scope', body: login('demo', { 'OS-TRUST:trust': { id: 'x' } }), expected: NO_SCOPE },
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
    const challenge = expected.error.code === 401 ? `Keystone uri="${iam.baseUrl}"` : null;
    assert.equal(response.headers.get('www-authenticate'), challenge);
  });
}
