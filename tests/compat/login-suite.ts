import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAIN, loginBody, projectScope, ROLE } from './accounts.ts';
import type { Identity } from './identity.ts';
import { assertMembers, assertRefused } from './identity-assertions.ts';
import { createIdentityClient, readToken } from './identity-client.ts';

/** Identity API v3, "Password authentication", as this service's callers and Keystone clients use it. */
export function loginSuite(identity: () => Identity): void {
  const client = () => createIdentityClient(identity().baseUrl);

  test('a login is 201, with the token in a header and its document in the body', async () => {
    const response = await client().post(loginBody('demo', projectScope('demo')));
    assert.equal(response.status, 201);
    assert.match(response.headers.get('x-subject-token') ?? '', /^[\w-]+$/);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const token = await readToken(response);
    const { projects, users } = identity();
    assert.deepEqual(token.project, { ...projects.demo, domain: DOMAIN });
    assert.deepEqual([token.user.id, token.user.name, token.user.domain], [users.get('demo'), 'demo', DOMAIN]);
    assert.deepEqual(namesOf(token.roles), [ROLE]);
    assert.ok(token.issued_at < token.expires_at);
  });

  const scopes = [
    { name: 'a project by id', scope: () => ({ project: { id: identity().projects.demo.id } }), kind: 'project' },
    { name: 'a project by name', scope: () => projectScope('demo'), kind: 'project' },
    { name: 'a domain', scope: () => ({ domain: { id: DOMAIN.id } }), kind: 'domain' },
    { name: 'no scope', scope: () => undefined, kind: undefined },
    { name: 'scope "unscoped"', scope: () => 'unscoped', kind: undefined },
    { name: 'scope {"unscoped":{}}', scope: () => ({ unscoped: {} }), kind: undefined },
  ];
  for (const { name, scope, kind } of scopes) {
    const members = kind === undefined ? [] : [kind, 'roles', 'catalog'];
    test(`a login with ${name} gives a token with ${members.join(', ') || 'none of these'}`, async () => {
      assertMembers(await readToken(await client().post(loginBody('demo', scope()))), members);
    });
  }

  for (const query of ['?nocatalog', '?nocatalog=1']) {
    test(`${query} leaves the catalogue out of a login`, async () => {
      const response = await client().post(loginBody('demo', projectScope('demo')), query);
      assertMembers(await readToken(response), ['project', 'roles']);
    });
  }

  const refused = [
    { name: 'a wrong password', body: loginBody('demo', projectScope('demo'), 'wrong'), status: 401 },
    { name: 'an unknown user', body: loginBody('nobody', projectScope('demo')), status: 401 },
    { name: 'an unknown project', body: loginBody('demo', { project: { id: 'none' } }), status: 401 },
    { name: 'a project where the user has no role', body: loginBody('demo', projectScope('foreign')), status: 401 },
    {
      name: 'a domain where the user has no role',
      body: loginBody('loner', { domain: { id: DOMAIN.id } }),
      status: 401,
    },
    { name: 'the system as scope', body: loginBody('demo', { system: { all: true } }), status: 401 },
    { name: 'a trust that is none', body: loginBody('demo', { 'OS-TRUST:trust': { id: 'x' } }), status: 401 },
    { name: 'no method', body: byMethods([], {}), status: 401 },
    { name: 'half a document', body: '{"auth":', status: 400 },
    { name: 'an array', body: [], status: 400 },
    { name: 'no identity', body: { auth: {} }, status: 400 },
    { name: 'no password', body: { auth: { identity: { methods: ['password'] } } }, status: 400 },
    { name: 'a user without a domain', body: withoutDomain('demo'), status: 400 },
  ];
  for (const { name, body, status } of refused) {
    test(`a login with ${name} is ${status}`, async () => {
      await assertRefused(await client().post(body), status, identity().baseUrl);
    });
  }

  const lacking = [
    { name: 'a method that is none', body: byMethods(['hw_ak_sk'], { hw_ak_sk: {} }), status: 401 },
    {
      name: 'a method that is none beside one that is',
      body: byMethods(['password', 'totp'], { ...loginBody('demo').auth.identity, totp: {} }),
      status: 401,
    },
    { name: 'a method without its member', body: byMethods(['totp'], {}), status: 400 },
    { name: 'an empty scope', body: loginBody('demo', {}), status: 400 },
    {
      name: 'two scopes',
      body: loginBody('demo', { ...projectScope('demo'), domain: { id: DOMAIN.id } }),
      status: 400,
    },
    { name: 'a scope of another name', body: loginBody('demo', { galaxy: { id: 'x' } }), status: 400 },
    { name: 'a scope in another word', body: loginBody('demo', 'everything'), status: 400 },
  ];
  for (const { name, body, status } of lacking) {
    test(`a login with ${name} is ${status}, in Keystone's words`, async () => {
      const sentence = await assertRefused(await client().post(body), status, identity().baseUrl);
      assert.match(sentence, /^Attempted to authenticate with an unsupported|^Expecting to find (?:totp|system, pro)/);
    });
  }
}

function namesOf(named: readonly { readonly name: string }[] | undefined): string[] | undefined {
  return named?.map(({ name }) => name);
}

function withoutDomain(name: string) {
  return { auth: { identity: { methods: ['password'], password: { user: { name, password: name } } } } };
}

function byMethods(methods: readonly string[], members: object) {
  return { auth: { identity: { ...members, methods }, scope: projectScope('demo') } };
}
