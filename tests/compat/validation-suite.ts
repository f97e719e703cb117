import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { projectScope, SERVICE } from './accounts.ts';
import type { Identity } from './identity.ts';
import { assertMembers, assertRefused } from './identity-assertions.ts';
import { createIdentityClient, readToken } from './identity-client.ts';

const UNKNOWN = 'a-token-that-nobody-issued';

const Version = v.object({
  id: v.pipe(v.string(), v.regex(/^v3\.\d+$/)),
  status: v.literal('stable'),
  links: v.tuple([v.object({ rel: v.literal('self'), href: v.string() })]),
  'media-types': v.tuple([v.object({ base: v.literal('application/json'), type: v.string() })]),
});
const VersionDocument = v.object({ version: Version });
const VersionList = v.object({ versions: v.object({ values: v.tuple([Version]) }) });

const Catalog = v.object({ catalog: v.array(v.object({ type: v.string() })) });

/** Identity API v3, "Validate and show information for token" and what else a verifier or a client's discovery asks for. */
export function validationSuite(identity: () => Identity): void {
  const client = () => createIdentityClient(identity().baseUrl);
  const refused = (response: Response, status: number) => assertRefused(response, status, identity().baseUrl);

  for (const path of ['', '/']) {
    test(`GET /v3${path} is the version document`, async () => {
      const response = await client().call('GET', path);
      assert.equal(response.status, 200);
      const { version } = v.parse(VersionDocument, await response.json());
      assert.equal(version.links[0].href, `${identity().baseUrl}/`);
    });
  }

  test('the root is the list of versions, and points to this one', async () => {
    const { baseUrl } = identity();
    const response = await fetch(`${new URL(baseUrl).origin}/`, { redirect: 'manual' });
    assert.deepEqual([response.status, response.headers.get('location')], [300, `${baseUrl}/`]);
    const { versions } = v.parse(VersionList, await response.json());
    assert.equal(versions.values[0].links[0].href, `${baseUrl}/`);
  });

  test('every answer names its request and depends on who asks', async () => {
    for (const path of ['', '/auth/tokens', '/elsewhere']) {
      const { headers } = await client().call('GET', path);
      assert.match(headers.get('x-openstack-request-id') ?? '', /^req-[0-9a-f-]{32,36}$/);
      assert.equal(headers.get('vary'), 'X-Auth-Token');
    }
  });

  test('a token in both headers is answered with what its login answered', async () => {
    const { token, document } = await client().issue('demo');
    const response = await client().validate(token);
    assert.deepEqual([response.status, response.headers.get('x-subject-token')], [200, token]);
    assert.deepEqual(await readToken(response), document);
  });

  for (const query of ['?nocatalog', '?nocatalog=1']) {
    test(`${query} leaves the catalogue out of a validation`, async () => {
      const { token } = await client().issue('demo');
      assertMembers(await readToken(await client().validate(token, token, query)), ['project', 'roles']);
    });
  }

  test('an unscoped token is valid, and has neither project nor roles', async () => {
    const { token } = await client().issue('loner', 'unscoped');
    assertMembers(await readToken(await client().validate(token)), []);
  });

  test('HEAD answers as GET does, without a body', async () => {
    const { token } = await client().issue('demo');
    for (const [subject, status] of [
      [token, 200],
      [UNKNOWN, 404],
    ] as const) {
      const headers = { 'X-Auth-Token': token, 'X-Subject-Token': subject };
      const response = await client().call('HEAD', '/auth/tokens', headers);
      assert.deepEqual([response.status, await response.text()], [status, '']);
      assert.equal(response.headers.get('x-subject-token'), status === 200 ? token : null);
    }
  });

  test('one of the own tokens validates the others', async () => {
    const [first, second] = [await client().issue('demo'), await client().issue('demo', 'unscoped')];
    assert.equal((await client().validate(second.token, first.token)).status, 200);
  });

  test('a revoked token is 401 to itself and 404 to the others, which stay', async () => {
    const [token, other] = [(await client().issue('demo')).token, (await client().issue('demo')).token];
    assert.equal((await client().validate(token)).status, 200);
    const revoked = await client().revoke(token);
    assert.deepEqual([revoked.status, await revoked.text()], [204, '']);
    await refused(await client().validate(token), 401);
    await refused(await client().validate(other, token), 404);
    assert.equal((await client().validate(other)).status, 200);
  });

  test('an expired token is 401 to itself and 404 to the others', async () => {
    const { briefBaseUrl } = identity();
    const brief = createIdentityClient(briefBaseUrl);
    const { token, document } = await brief.issue('demo');
    assert.equal((await brief.validate(token)).status, 200);
    await sleep(Date.parse(document.expires_at) - Date.now() + 50);
    await assertRefused(await brief.validate(token), 401, briefBaseUrl);
    await assertRefused(await brief.validate((await brief.issue('demo')).token, token), 404, briefBaseUrl);
  });

  const refusals = [
    { name: 'an unknown token in both headers', caller: UNKNOWN, subject: UNKNOWN, status: 401 },
    { name: 'a good token asking about an unknown one', caller: 'demo', subject: UNKNOWN, status: 404 },
    { name: 'an unknown token asking about a good one', caller: UNKNOWN, subject: 'demo', status: 401 },
    { name: 'a user asking about nothing', caller: 'demo', subject: undefined, status: 403 },
    { name: 'an administrator asking about nothing', caller: 'service', subject: undefined, status: 404 },
    { name: 'nobody asking about a good token', caller: undefined, subject: 'demo', status: 401 },
    { name: 'nobody asking about nothing', caller: undefined, subject: undefined, status: 401 },
    { name: "a user asking about another user's token", caller: 'demo', subject: 'peer', status: 403 },
  ];
  for (const { name, caller, subject, status } of refusals) {
    test(`${name} is ${status}`, async () => {
      const tokenOf = async (who: string) => {
        if (who === UNKNOWN) return UNKNOWN;
        return (await client().issue(who, who === SERVICE.user ? projectScope(SERVICE.project) : undefined)).token;
      };
      const headers: Record<string, string> = {};
      if (caller !== undefined) headers['X-Auth-Token'] = await tokenOf(caller);
      if (subject !== undefined) headers['X-Subject-Token'] = await tokenOf(subject);
      await refused(await client().call('GET', '/auth/tokens', headers), status);
    });
  }

  test('the catalogue is for tokens with a scope', async () => {
    const ask = (token: string) => client().call('GET', '/auth/catalog', { 'X-Auth-Token': token });
    const scoped = await ask((await client().issue('demo')).token);
    assert.equal(scoped.status, 200);
    v.parse(Catalog, await scoped.json());
    await refused(await ask((await client().issue('demo', 'unscoped')).token), 403);
    await refused(await ask(UNKNOWN), 401);
  });
}
