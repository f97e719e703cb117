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

async function start(context: TestContext, environment: Environment): Promise<string> {
  const options = { environment: { PORT: '0', ...environment }, writer: writerOf(() => undefined), folder: FOLDER };
  const { server, baseUrl } = await startLocalRun(options);
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return baseUrl;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Logs the demo user in and draws 512 bits with the token. */
async function assertGives(baseUrl: string): Promise<void> {
  const { user, password, domain, project } = DEMO;
  const identity = { methods: ['password'], password: { user: { name: user.name, password, domain } } };
  const login = JSON.stringify({ auth: { identity, scope: { project: { id: project.id } } } });
  const issued = await fetch(`${baseUrl}/v3/auth/tokens`, { method: 'POST', headers: JSON_TYPE, body: login });
  assert.equal(issued.status, 201, await issued.text());
  const response = await fetch(baseUrl + PATH, {
    method: 'POST',
    headers: { ...JSON_TYPE, 'X-Auth-Token': issued.headers.get('x-subject-token') ?? '' },
    body: '{"random_data_length":"512"}',
  });
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
    IAM_SERVICE_USER: 'service',
    IAM_SERVICE_PASSWORD: 'secret',
    IAM_SERVICE_DOMAIN: 'Default',
    IAM_SERVICE_PROJECT: 'demo',
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
