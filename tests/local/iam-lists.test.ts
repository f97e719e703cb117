import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openConnection } from '../support/raw-connection.ts';
import { KEY, signedHeaders, type ToSign, toSign, writtenQuery } from '../support/signed-request.ts';
import { START_MS, startTestIam } from '../support/test-iam.ts';
import { documentOf } from './iam-document.ts';

const iam = await startTestIam({ after });

const PROJECTS = ['/v3/projects', '/v3/auth/projects', '/v3/users/u-demo/projects'];
const LISTS = [...PROJECTS, '/v3/auth/domains'];

/** A GET that is signed with the key of `demo`. */
const A_GET = { method: 'GET', body: '' };

function bySignature(path: string, changes: Partial<ToSign> = {}, nowMs = START_MS): Promise<Response> {
  const query = changes.query === undefined ? '' : `?${writtenQuery(changes.query)}`;
  return iam.call('GET', `${path}${query}`, signedHeaders({ ...A_GET, path, ...changes }, nowMs));
}

async function byToken(path: string, user: string, scope?: unknown): Promise<Response> {
  return iam.call('GET', path, { 'X-Auth-Token': await iam.issue(user, scope) });
}

test('an entry has the members that both families of clients read', async () => {
  const { projects, links } = await documentOf(await byToken('/v3/projects', 'demo'));
  assert.deepEqual(projects[0], {
    id: '0123456789abcdef0123456789abcdef',
    name: 'demo',
    domain_id: 'default',
    parent_id: 'default',
    is_domain: false,
    description: '',
    enabled: true,
    links: { self: `${iam.url}/projects/0123456789abcdef0123456789abcdef` },
  });
  assert.deepEqual(links, { next: null, self: `${iam.url}/projects`, previous: null });
});

for (const path of PROJECTS) {
  for (const scope of [undefined, 'unscoped'] as const) {
    test(`${path} by a token with ${scope ?? 'a scope'} lists the user's projects`, async () => {
      const { projects } = await documentOf(await byToken(path, 'demo', scope));
      assert.deepEqual(
        projects.map(({ name }) => name),
        ['demo', 'second'],
      );
    });
  }
}

const QUERIES = [
  ['name=demo', ['demo']],
  ['name=nothing', []],
  ['domain_id=default&enabled=true', ['demo', 'second']],
  ['enabled=false', []],
  ['limit=1', ['demo', 'second']],
] as const;
for (const [query, names] of QUERIES) {
  test(`/v3/projects?${query} lists ${names.join(' and ') || 'none'}, by token and by signature`, async () => {
    for (const response of [
      await byToken(`/v3/projects?${query}`, 'demo'),
      await bySignature('/v3/projects', { query: [...new URLSearchParams(query)] }),
    ]) {
      const { projects } = await documentOf(response);
      assert.deepEqual(
        projects.map(({ name }) => name),
        names,
      );
    }
  });
}

test('/v3/auth/domains lists the domain for a user who has a role in it', async () => {
  const of = async (user: string) => (await documentOf(await byToken('/v3/auth/domains', user))).domains;
  assert.deepEqual([(await of('demo')).map(({ name }) => name), await of('reader')], [['Default'], []]);
});

for (const path of LISTS) {
  test(`${path} is answered to a signature as to a token`, async () => {
    const [signature, token] = [await bySignature(path), await byToken(path, 'demo')];
    assert.equal(signature.status, 200);
    assert.deepEqual(await signature.json(), await token.json());
  });

  const refused: readonly [string, () => Promise<Response>][] = [
    ['nobody', () => iam.call('GET', path)],
    ['an unknown token', () => iam.call('GET', path, { 'X-Auth-Token': 'unknown' })],
    ['a wrong signature', () => bySignature(path, { key: { ...KEY, secretKey: 'not-the-secret-key' } })],
    ['an unknown key', () => bySignature(path, { key: { ...KEY, accessKey: 'ANOTHERACCESSKEY0000' } })],
    ['an old signature', () => bySignature(path, {}, START_MS - 15 * 60 * 1_000 - 1_000)],
    ['a signature of another method', () => bySignature(path, { method: 'HEAD' })],
  ];
  for (const [name, ask] of refused) {
    test(`${path} is 401 to ${name}`, async () => {
      const response = await ask();
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), `Keystone uri="${iam.url}"`);
    });
  }
}

for (const [name, ask] of [
  ['a token', (path: string) => byToken(path, 'demo')],
  ['a signature', (path: string) => bySignature(path)],
] as const) {
  test(`the projects of another user are 403 to ${name}`, async () => {
    for (const id of ['u-reader', 'nobody']) assert.equal((await ask(`/v3/users/${id}/projects`)).status, 403);
  });
}

test('a signature names a project or none', async () => {
  const headers = toSign(START_MS).headers.map(
    ([name, value]) => [name, name === 'X-Project-Id' ? 'f'.repeat(32) : value] as const,
  );
  assert.equal((await bySignature('/v3/projects', { headers })).status, 200);
});

test('a signature covers the body that a GET may have', async () => {
  const [{ port }, path, body] = [new URL(iam.url), '/v3/projects', '{}'];
  for (const [sent, status] of [
    [body, 200],
    ['[]', 401],
  ] as const) {
    const headers = { ...signedHeaders({ ...A_GET, path, body }, START_MS), 'Content-Length': sent.length };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const connection = openConnection(Number(port));
    connection.send(`GET ${path} HTTP/1.1\r\nHost: iam.test\r\n${lines.join('')}\r\n${sent}`);
    assert.equal((await connection.reply('GET')).status, status);
    connection.socket.destroy();
  }
});

test('a signature issues and validates no token', async () => {
  assert.equal((await bySignature('/v3/auth/tokens')).status, 401);
});
