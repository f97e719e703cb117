import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { DEMO } from '../../lib/local/demo.ts';
import { runProgram } from './processes.ts';
import { type Service, startLocalRun } from './service.ts';

const OPENSTACK = join(import.meta.dirname, '../../.cache/compat-venv/bin/openstack');
const PATH = `/v1.0/${DEMO.project.id}/kms/gen-random`;

let local: Service;
const home = mkdtempSync(join(tmpdir(), 'gen-random-openstack-'));
before(async () => {
  local = await startLocalRun();
});
after(async () => {
  await local.stop();
  rmSync(home, { recursive: true });
});

/** Runs a command as the demo's user. @returns its answer */
async function openstack(command: string, login: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    OS_AUTH_URL: local.baseUrl,
    OS_USERNAME: DEMO.user.name,
    OS_PASSWORD: DEMO.password,
    OS_USER_DOMAIN_NAME: DEMO.domain.name,
    OS_PROJECT_NAME: DEMO.project.name,
    OS_PROJECT_DOMAIN_NAME: DEMO.domain.name,
    ...login,
  };
  const output = await runProgram({ command: OPENSTACK, parameters: command.split(' '), environment, cwd: home });
  return output === '' ? undefined : JSON.parse(output);
}

async function draw(token: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': token };
  const body = '{"random_data_length":"512"}';
  return (await fetch(local.baseUrl + PATH, { method: 'POST', headers, body })).status;
}

const Issued = v.object({ id: v.string(), project_id: v.literal(DEMO.project.id), user_id: v.literal(DEMO.user.id) });

test('`openstack token issue` gives a token that draws, and `openstack token revoke` ends it', async () => {
  const { id } = v.parse(Issued, await openstack('token issue -f json'));
  assert.equal(await draw(id), 200);
  await openstack(`token revoke ${id}`);
  const headers = { 'X-Auth-Token': id, 'X-Subject-Token': id };
  assert.equal((await fetch(`${local.baseUrl}/v3/auth/tokens`, { headers })).status, 401);
});

test('`openstack token issue` rescopes the token that it is given', async () => {
  const { id } = v.parse(Issued, await openstack('token issue -f json'));
  const byToken = { OS_AUTH_TYPE: 'v3token', OS_TOKEN: id, OS_USERNAME: '', OS_PASSWORD: '', OS_USER_DOMAIN_NAME: '' };
  const rescoped = v.parse(Issued, await openstack('token issue -f json', byToken));
  assert.notEqual(rescoped.id, id);
  assert.equal(await draw(rescoped.id), 200);
});

const LISTS = [
  { command: 'catalog list -f json', member: 'Type', names: ['identity', 'kms', 'kmsv1'] },
  { command: 'project list -f json', member: 'Name', names: ['demo'] },
  { command: 'project list --my-projects -f json', member: 'Name', names: ['demo'] },
  { command: 'federation domain list -f json', member: 'Name', names: ['Default'] },
];
for (const { command, member, names } of LISTS) {
  test(`\`openstack ${command}\` lists ${names.join(', ')}`, async () => {
    const entries = v.parse(v.array(v.record(v.string(), v.unknown())), await openstack(command));
    assert.deepEqual(entries.map((entry) => entry[member]).sort(), names);
  });
}

test('a wrong password is shown in the words of the IAM, with its request id', async () => {
  await assert.rejects(openstack('token issue -f json', { OS_PASSWORD: 'wrong' }), {
    message: /The username or password is wrong\. \(HTTP 401\) \(Request-ID: req-[0-9a-f]{32}\)/,
  });
});
