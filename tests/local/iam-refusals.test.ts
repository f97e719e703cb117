import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loginOf, startTestIam } from '../support/test-iam.ts';
import { DEMO_SCOPE, refusal } from './iam-document.ts';

const iam = await startTestIam({ after });

const BY_ID = { id: 'u-demo', password: 'demo' };

function asUser(user: object) {
  return { auth: { identity: { methods: ['password'], password: { user } } } };
}

const INVALID = refusal(400, 'Bad Request', 'The request body is invalid');
const WRONG = refusal(401, 'Unauthorized', 'The username or password is wrong.');
const NO_SCOPE = refusal(401, 'Unauthorized', 'The request you have made requires authentication.');
const TOO_LONG = refusal(413, 'Request Entity Too Large', 'Request is too large.');
const UNKNOWN_TOKEN = refusal(404, 'Not Found', 'Failed to validate token');
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
const NO_PAYLOAD = refusal(400, 'Bad Request', `Expecting to find totp in identity. ${MALFORMED}`);
const SCOPES = 'system, project, domain, OS-TRUST:trust or unscoped';
const BAD_SCOPE = refusal(400, 'Bad Request', `Expecting to find ${SCOPES} in scope. ${MALFORMED}`);

function byMethods(methods: readonly unknown[], members: object) {
  return { auth: { identity: { methods, ...members }, scope: DEMO_SCOPE } };
}
const REFUSED: readonly (readonly [name: string, body: unknown, expected: typeof INVALID])[] = [
  ['no body', '', INVALID],
  ['bad JSON', '{', INVALID],
  ['JSON null', 'null', INVALID],
  ['no identity', { auth: {} }, INVALID],
  ['a method that it lacks', byMethods(['hw_ak_sk'], { hw_ak_sk: { access: { key: 'a' } } }), UNSUPPORTED],
  [
    'a method that it lacks beside one that it has',
    byMethods(['password', 'totp'], { password: { user: BY_ID }, totp: {} }),
    UNSUPPORTED,
  ],
  ['a method without its member', byMethods(['totp'], {}), NO_PAYLOAD],
  ['no method', byMethods([], { password: { user: BY_ID } }), NO_SCOPE],
  ['a method that is no word', byMethods([5], {}), INVALID],
  ['an unknown token', byMethods(['token'], { token: { id: 'x' } }), UNKNOWN_TOKEN],
  ['a token without an id', byMethods(['token'], { token: {} }), INVALID],
  ['a user name without a domain', asUser({ name: 'demo', password: 'demo' }), INVALID],
  ['no password', asUser({ id: 'u-demo' }), INVALID],
  ['a wrong password', asUser({ id: 'u-demo', password: 'Demo' }), WRONG],
  ['an unknown user', asUser({ id: 'u-nobody', password: 'demo' }), WRONG],
  [
    'the password of a namesake in another domain',
    asUser({ name: 'demo', password: 'foreign', domain: { name: 'Default' } }),
    WRONG,
  ],
  ['an empty scope', loginOf('demo', {}), BAD_SCOPE],
  ['a scope of another name', loginOf('demo', { galaxy: {} }), BAD_SCOPE],
  ['a scope in another word', loginOf('demo', 'everything'), BAD_SCOPE],
  ['a scope in a number', loginOf('demo', 5), INVALID],
  ['project and domain together', loginOf('demo', { ...DEMO_SCOPE, domain: { id: 'default' } }), BAD_SCOPE],
  ['the system as scope', loginOf('demo', { system: { all: true } }), NO_SCOPE],
  ['a trust as scope', loginOf('demo', { 'OS-TRUST:trust': { id: 'x' } }), NO_SCOPE],
  ['an unknown project', loginOf('demo', { project: { name: 'elsewhere', domain: { id: 'default' } } }), NO_SCOPE],
  ['a project of another domain', loginOf('demo', { project: { name: 'demo', domain: { id: 'other' } } }), NO_SCOPE],
  ['a foreign domain', loginOf('demo', { domain: { id: 'other' } }), NO_SCOPE],
  ['a domain where the user has no role', loginOf('reader', { domain: { id: 'default' } }), NO_SCOPE],
  ['32 KiB and one byte', ' '.repeat(32 * 1024 + 1), TOO_LONG],
  ['512 KiB', ' '.repeat(512 * 1024), TOO_LONG],
];
for (const [name, body, expected] of REFUSED) {
  test(`a login with ${name} is ${expected.error.code}`, async () => {
    const response = await iam.call('POST', '/v3/auth/tokens', {}, body);
    assert.equal(response.status, expected.error.code);
    assert.deepEqual(await response.json(), expected);
    assert.equal(response.headers.get('x-subject-token'), null);
    const challenge = expected.error.code === 401 ? `Keystone uri="${iam.url}"` : null;
    assert.equal(response.headers.get('www-authenticate'), challenge);
  });
}
