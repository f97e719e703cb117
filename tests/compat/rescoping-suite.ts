import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMAIN, loginBody, projectScope } from './accounts.ts';
import type { Identity } from './identity.ts';
import { assertMembers, assertRefused } from './identity-assertions.ts';
import { createIdentityClient, readToken } from './identity-client.ts';

/** Identity API v3, "Token authentication", with scope and without. */
export function rescopingSuite(identity: () => Identity): void {
  const client = () => createIdentityClient(identity().baseUrl);
  const rescope = (id: string, scope?: unknown) =>
    client().post({ auth: { identity: { methods: ['token'], token: { id } }, ...(scope !== undefined && { scope }) } });

  const rescopings = [
    { name: 'none to a project', from: 'unscoped', to: projectScope('demo'), kind: 'project' },
    { name: 'a project to another', from: projectScope('demo'), to: projectScope('other'), kind: 'project' },
    { name: 'a project to the domain', from: projectScope('demo'), to: { domain: { id: DOMAIN.id } }, kind: 'domain' },
    { name: 'a project to none', from: projectScope('demo'), to: undefined, kind: undefined },
  ];
  for (const { name, from, to, kind } of rescopings) {
    test(`a token is rescoped from ${name}, and keeps its end`, async () => {
      const { token, document } = await client().issue('demo', from);
      const response = await rescope(token, to);
      assert.equal(response.status, 201);
      const rescoped = await readToken(response);
      assertMembers(rescoped, kind === undefined ? [] : [kind, 'roles', 'catalog']);
      // Keystone's come in any order.
      assert.deepEqual(rescoped.methods.toSorted(), ['password', 'token']);
      assert.equal(rescoped.expires_at, document.expires_at);
    });
  }

  test('a token is not rescoped to a project where the user has no role', async () => {
    const { token } = await client().issue('demo');
    await assertRefused(await rescope(token, projectScope('foreign')), 401, identity().baseUrl);
  });

  test('an unknown token and a revoked one are 404', async () => {
    const { token } = await client().issue('demo');
    await client().revoke(token);
    for (const id of ['a-token-that-nobody-issued', token]) {
      await assertRefused(await rescope(id, projectScope('demo')), 404, identity().baseUrl);
    }
  });

  test('the old token may end before the new one', async () => {
    const { token } = await client().issue('demo');
    const rescoped = (await rescope(token, projectScope('demo'))).headers.get('x-subject-token') ?? '';
    await client().revoke(token);
    assert.equal((await client().validate(rescoped)).status, 200);
  });

  for (const [name, status] of [
    ['demo', 201],
    ['peer', 401],
  ] as const) {
    test(`the password of demo and a token of ${name} together are ${status}`, async () => {
      const { auth } = loginBody('demo', projectScope('demo'));
      const { token } = await client().issue(name);
      const login = { ...auth.identity, methods: ['password', 'token'], token: { id: token } };
      assert.equal((await client().post({ auth: { ...auth, identity: login } })).status, status);
    });
  }
}
