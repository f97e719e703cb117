import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../lib/config/config.ts';
import { DEMO } from '../../lib/local/demo.ts';
import { startLocalRun } from '../../lib/local/local-run.ts';
import { FOLDER } from '../support/child-process.ts';
import { PATH } from '../support/contract.ts';
import { writerOf } from '../support/log-writer.ts';
import { STATIC } from '../support/started-service.ts';
import { loginOf, SERVICE_VARIABLES } from '../support/test-iam.ts';

async function start(context: TestContext, environment: Environment): Promise<string> {
  const options = { environment: { PORT: '0', ...environment }, writer: writerOf(() => undefined), folder: FOLDER };
  const { server, baseUrl } = await startLocalRun(options);
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return baseUrl;
}

/** Logs the demo user in and draws 512 bits with the token. */
async function assertGives(baseUrl: string): Promise<void> {
  const type = { 'Content-Type': 'application/json' };
  const login = JSON.stringify(loginOf('demo', { project: { id: DEMO.project.id } }));
  const issued = await fetch(`${baseUrl}/v3/auth/tokens`, { method: 'POST', headers: type, body: login });
  assert.equal(issued.status, 201, await issued.text());
  const headers = { ...type, 'X-Auth-Token': issued.headers.get('x-subject-token') ?? '' };
  const response = await fetch(baseUrl + PATH, { method: 'POST', headers, body: '{"random_data_length":"512"}' });
  assert.match(`${response.status} ${await response.text()}`, /^200 \{"random_data":"[0-9A-F]{128}"\}$/);
}

const EXPORTED: Readonly<Record<string, Environment>> = {
  'static tokens': STATIC,
  signatures: {
    AUTH_METHODS: 'aksk',
    AKSK_CREDENTIALS: JSON.stringify([{ access_key: 'AK', secret_key: 'SK', project_id: DEMO.project.id }]),
  },
  "the service's account": {
    IAM_URL: 'https://iam.test/v3',
    ...SERVICE_VARIABLES,
  },
  "a part of the service's account": { IAM_SERVICE_USER: 'service' },
  "a file of the service's password that is not here": { IAM_SERVICE_PASSWORD_FILE: '/nowhere/password' },
  'the roles of another IAM': { IAM_ALLOWED_ROLES: 'kms_admin' },
  'a door of something else': { SERVER_DOOR: 'front' },
};

for (const [name, environment] of Object.entries({ ...EXPORTED, all: Object.assign({}, ...Object.values(EXPORTED)) })) {
  test(`the local run gives bits whatever is exported for a deployment: ${name}`, async (context) => {
    await assertGives(await start(context, environment));
  });
}

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.test', '127.0.0.1.example.test', 'localhost.example.test']) {
  test(`HOST=${host} is refused for the local run`, async (context) => {
    await assert.rejects(start(context, { HOST: host }), { name: 'TypeError', message: /^HOST must be loopback/ });
  });
}

for (const host of ['127.0.0.1', '127.0.0.2', 'localhost']) {
  test(`the local run gives bits on HOST=${host}`, async (context) => {
    const baseUrl = await start(context, { HOST: host });
    assert.match(baseUrl, new RegExp(`^http://${host}:[1-9][0-9]*$`));
    await assertGives(baseUrl);
  });
}

for (const host of ['[::1]', '::1']) {
  test(`the local run gives bits on HOST=${host}, or says that it cannot listen there`, async (context) => {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    if (!addresses.some(({ address }) => address === '::1')) {
      await assert.rejects(start(context, { HOST: host }), { message: /^cannot listen on ::1, port 0 \(E[A-Z]+\)$/ });
      return;
    }
    const baseUrl = await start(context, { HOST: host });
    assert.match(baseUrl, /^http:\/\/\[::1\]:[1-9][0-9]*$/);
    await assertGives(baseUrl);
  });
}

test('the local run serves the IAM, the explorer, its document and gen-random on one address', async (context) => {
  const baseUrl = await start(context, {});
  for (const [path, status, type] of [
    ['/v3', 200, 'application/json'],
    ['/v3/auth/tokens', 401, 'application/json'],
    ['/v3?a=b', 200, 'application/json'],
    ['/v3x', 404, 'application/json;charset=utf-8'],
    ['/', 300, 'application/json'],
    ['/openapi.yaml', 200, 'application/yaml'],
    [PATH, 405, 'application/json;charset=utf-8'],
  ]) {
    const response = await fetch(`${baseUrl}${path}`, { redirect: 'manual' });
    assert.deepEqual([path, response.status, response.headers.get('content-type')], [path, status, type]);
    await response.arrayBuffer();
  }
});
