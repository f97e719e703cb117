import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openConnection } from '../support/raw-connection.ts';
import { DAY_MS, loginOf, startTestIam } from '../support/test-iam.ts';
import { DEMO_SCOPE, documentOf, refusal } from './iam-document.ts';

const iam = await startTestIam({ after });

const UNAUTHENTICATED = refusal(401, 'Unauthorized', 'The request you have made requires authentication.');
const UNKNOWN_SUBJECT = refusal(404, 'Not Found', 'X-Subject-Token is invalid in the request');
const FORBIDDEN = refusal(403, 'Forbidden', 'You are not authorized to perform the requested action.');
const NOT_FOUND = refusal(404, 'Not Found', 'The resource could not be found.');
const WRONG_METHOD = refusal(405, 'Method Not Allowed', 'The method is not allowed for the requested URL.');

for (const path of ['/v3', '/v3/']) {
  test(`GET ${path} is the version document`, async () => {
    const response = await iam.call('GET', path);
    assert.equal(response.status, 200);
    const { version } = await documentOf(response);
    assert.equal(version.status, 'stable');
    assert.deepEqual(version.links, [{ rel: 'self', href: `${iam.url}/` }]);
  });
}

for (const path of ['/', '/?a=b']) {
  test(`GET ${path} is the list of versions, and its only one`, async () => {
    const response = await fetch(`${new URL(iam.url).origin}${path}`, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('location')], [300, `${iam.url}/`]);
    const { version } = await documentOf(await iam.call('GET', '/v3'));
    assert.deepEqual(await response.json(), { versions: { values: [version] } });
  });
}

test('the absolute form of a target is the same target', async (context) => {
  const { host, port } = new URL(iam.url);
  const connection = openConnection(Number(port));
  context.after(() => connection.socket.destroy());
  const both = await iam.issue().then((token) => `X-Auth-Token: ${token}\r\nX-Subject-Token: ${token}`);
  connection.send(`GET http://elsewhere.test/v3/auth/tokens?nocatalog HTTP/1.1\r\nHost: ${host}\r\n${both}\r\n\r\n`);
  const { status, body } = await connection.reply('GET');
  assert.equal(status, 200);
  assert.equal('catalog' in JSON.parse(body).token, false);
});

test('a validation with the token in both headers answers what the login answered', async () => {
  const issued = await iam.call('POST', '/v3/auth/tokens', {}, loginOf('demo', DEMO_SCOPE));
  const token = issued.headers.get('x-subject-token') ?? '';
  const both = { 'X-Auth-Token': token, 'X-Subject-Token': token };
  const validated = await iam.call('GET', '/v3/auth/tokens', both);
  assert.equal(validated.status, 200);
  assert.equal(validated.headers.get('x-subject-token'), token);
  assert.deepEqual(await validated.json(), await issued.json());

  const bare = await iam.call('GET', '/v3/auth/tokens?nocatalog', both);
  assert.equal('catalog' in (await documentOf(bare)).token, false);

  const head = await iam.call('HEAD', '/v3/auth/tokens', both);
  assert.deepEqual([head.status, await head.text()], [200, '']);
});

test('a token is valid until the millisecond it expires', async () => {
  const token = await iam.issue('demo');
  const both = { 'X-Auth-Token': token, 'X-Subject-Token': token };
  iam.clock.ms += DAY_MS - 1;
  assert.equal((await iam.call('GET', '/v3/auth/tokens', both)).status, 200);
  const fresh = await iam.issue('demo');
  iam.clock.ms += 1;
  assert.deepEqual(await (await iam.call('GET', '/v3/auth/tokens', both)).json(), UNAUTHENTICATED);
  const asked = await iam.call('GET', '/v3/auth/tokens', { 'X-Auth-Token': fresh, 'X-Subject-Token': token });
  assert.deepEqual(await asked.json(), UNKNOWN_SUBJECT);
});

test('a revoked token is unknown, and the others stay', async () => {
  const [token, other] = [await iam.issue('demo'), await iam.issue('demo')];
  const revoked = await iam.call('DELETE', '/v3/auth/tokens', { 'X-Auth-Token': other, 'X-Subject-Token': token });
  assert.deepEqual([revoked.status, await revoked.text()], [204, '']);
  const gone = await iam.call('GET', '/v3/auth/tokens', { 'X-Auth-Token': other, 'X-Subject-Token': token });
  assert.deepEqual(await gone.json(), UNKNOWN_SUBJECT);
  const stays = await iam.call('GET', '/v3/auth/tokens', { 'X-Auth-Token': other, 'X-Subject-Token': other });
  assert.equal(stays.status, 200);
});

const VALIDATIONS = [
  { name: 'no caller', caller: undefined, subject: 'demo', status: 401, body: UNAUTHENTICATED },
  { name: 'an unknown caller', caller: 'unknown', subject: 'demo', status: 401, body: UNAUTHENTICATED },
  { name: 'no subject', caller: 'demo', subject: undefined, status: 403, body: FORBIDDEN },
  { name: 'no subject by an administrator', caller: 'service', subject: undefined, status: 404, body: UNKNOWN_SUBJECT },
  { name: 'an unknown subject', caller: 'demo', subject: 'unknown', status: 404, body: UNKNOWN_SUBJECT },
  { name: "another user's token", caller: 'demo', subject: 'reader', status: 403, body: FORBIDDEN },
];
const tokenOf = async (user: string) => (user === 'unknown' ? user : iam.issue(user));

for (const { name, caller, subject, status, body } of VALIDATIONS) {
  for (const method of ['GET', 'DELETE']) {
    test(`${method} /v3/auth/tokens with ${name} is ${status}`, async () => {
      const headers: Record<string, string> = {};
      if (caller !== undefined) headers['X-Auth-Token'] = await tokenOf(caller);
      if (subject !== undefined) headers['X-Subject-Token'] = await tokenOf(subject);
      const response = await iam.call(method, '/v3/auth/tokens', headers);
      assert.equal(response.status, status);
      assert.deepEqual(await response.json(), body);
      const challenge = status === 401 ? `Keystone uri="${iam.url}"` : null;
      assert.equal(response.headers.get('www-authenticate'), challenge);
    });
  }
}

test('a Security Administrator validates the tokens of their domain', async () => {
  const [admin, demo] = [await iam.issue('service'), await iam.issue('demo')];
  const response = await iam.call('GET', '/v3/auth/tokens', { 'X-Auth-Token': admin, 'X-Subject-Token': demo });
  assert.equal((await documentOf(response)).token.user.id, 'u-demo');
});

test('a Security Administrator without a scope has no role to show', async () => {
  const [admin, demo] = [await iam.issue('service', 'unscoped'), await iam.issue('demo')];
  const response = await iam.call('GET', '/v3/auth/tokens', { 'X-Auth-Token': admin, 'X-Subject-Token': demo });
  assert.deepEqual(await response.json(), FORBIDDEN);
});

test('the catalogue is for scoped tokens', async () => {
  const scoped = await iam.call('GET', '/v3/auth/catalog', { 'X-Auth-Token': await iam.issue('demo') });
  const { catalog } = await documentOf(scoped);
  const kmsUrl = iam.url.replace('/v3', '/v1.0');
  assert.deepEqual(
    catalog.map((entry) => [entry.type, entry.endpoints[0]?.url]),
    [
      ['identity', iam.url],
      ['kms', kmsUrl],
      ['kmsv1', kmsUrl],
    ],
  );
  const unscoped = await iam.call('GET', '/v3/auth/catalog', { 'X-Auth-Token': await iam.issue('demo', 'unscoped') });
  assert.deepEqual(await unscoped.json(), FORBIDDEN);
});

const UNSERVED = [
  { method: 'GET', path: '/elsewhere', allow: null, body: NOT_FOUND },
  { method: 'POST', path: '/', allow: 'GET, HEAD', body: WRONG_METHOD },
  { method: 'GET', path: '/v3/users', allow: null, body: NOT_FOUND },
  { method: 'GET', path: '/v2.0/auth/tokens', allow: null, body: NOT_FOUND },
  { method: 'POST', path: '/v3', allow: 'GET, HEAD', body: WRONG_METHOD },
  { method: 'PATCH', path: '/v3/auth/tokens', allow: 'GET, HEAD, POST, DELETE', body: WRONG_METHOD },
];
for (const { method, path, allow, body } of UNSERVED) {
  test(`${method} ${path} is ${body.error.code}`, async () => {
    const response = await iam.call(method, path);
    assert.deepEqual([response.status, response.headers.get('allow')], [body.error.code, allow]);
    assert.deepEqual(await response.json(), body);
  });
}

test('a defect is a 500 that says nothing, and is reported', async (context) => {
  const nowMs = iam.clock.ms;
  context.after(() => {
    iam.clock.ms = nowMs;
  });
  iam.clock.ms = Number.NaN;
  const response = await iam.call('POST', '/v3/auth/tokens', {}, loginOf('demo'));
  assert.equal(response.status, 500);
  const message = 'An unexpected error prevented the server from fulfilling your request.';
  assert.deepEqual(await response.json(), refusal(500, 'Internal Server Error', message));
  assert.deepEqual(iam.defects, [new Error('the clock is broken')]);
});

test('every answer names its request and is kept by nobody', async () => {
  for (const path of ['/v3', '/v3/auth/tokens', '/elsewhere']) {
    const { headers } = await iam.call('GET', path);
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/);
    assert.equal(headers.get('x-openstack-request-id'), `req-${headers.get('x-request-id')}`);
    assert.equal(headers.get('vary'), 'X-Auth-Token');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('content-type'), 'application/json');
  }
});
