import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { DOMAIN } from './accounts.ts';
import type { Identity } from './identity.ts';
import { assertRefused } from './identity-assertions.ts';
import { createIdentityClient } from './identity-client.ts';

const Project = v.object({
  id: v.string(),
  name: v.string(),
  domain_id: v.literal(DOMAIN.id),
  parent_id: v.literal(DOMAIN.id),
  is_domain: v.literal(false),
  description: v.literal(''),
  enabled: v.literal(true),
  links: v.object({ self: v.string() }),
});
const Links = v.object({ self: v.string(), next: v.null(), previous: v.null() });
const Projects = v.object({ projects: v.array(Project), links: Links });
const Domains = v.object({ domains: v.array(v.object({ id: v.string(), name: v.string() })), links: Links });

/** Identity API v3, "Get available project scopes" and "… domain scopes": what a client asks before it chooses. */
export function scopesSuite(identity: () => Identity): void {
  const client = () => createIdentityClient(identity().baseUrl);
  const ask = (path: string, token: string) => client().call('GET', path, { 'X-Auth-Token': token });
  const idOf = (name: string) => identity().users.get(name) ?? '';

  const paths = [
    { name: '/auth/projects', path: () => '/auth/projects' },
    { name: '/users/{id}/projects', path: () => `/users/${idOf('demo')}/projects` },
  ];
  for (const { name, path } of paths) {
    for (const scope of ['unscoped', undefined]) {
      test(`${name} lists the user's projects to a token with ${scope ?? 'a project'}`, async () => {
        const response = await ask(path(), (await client().issue('demo', scope)).token);
        assert.equal(response.status, 200);
        const { projects, links } = v.parse(Projects, await response.json());
        assert.deepEqual(projects.map((project) => project.name).sort(), ['demo', 'other']);
        for (const { id, links: own } of projects) assert.equal(own.self, `${identity().baseUrl}/projects/${id}`);
        assert.equal(links.self, `${identity().baseUrl}${path()}`);
      });
    }

    test(`${name} is 401 to an unknown token`, async () => {
      await assertRefused(await ask(path(), 'a-token-that-nobody-issued'), 401, identity().baseUrl);
    });
  }

  test('/users/{id}/projects?name= lists the project of that name', async () => {
    const response = await ask(`/users/${idOf('demo')}/projects?name=other`, (await client().issue('demo')).token);
    const { projects } = v.parse(Projects, await response.json());
    assert.deepEqual(
      projects.map(({ id }) => id),
      [identity().projects.other.id],
    );
  });

  test('the projects of another user are 403', async () => {
    const { token } = await client().issue('demo');
    for (const id of [idOf('peer'), 'nobody']) {
      await assertRefused(await ask(`/users/${id}/projects`, token), 403, identity().baseUrl);
    }
  });

  for (const [user, names] of [
    ['demo', [DOMAIN.name]],
    ['loner', []],
  ] as const) {
    test(`/auth/domains lists ${names.length} domains to ${user}`, async () => {
      const response = await ask('/auth/domains', (await client().issue(user, 'unscoped')).token);
      const { domains } = v.parse(Domains, await response.json());
      assert.deepEqual(
        domains.map(({ name }) => name),
        names,
      );
    });
  }
}
