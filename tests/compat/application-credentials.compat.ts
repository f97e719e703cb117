import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { DOMAIN } from './accounts.ts';
import { type Command, go, type Outcome, python, startClient } from './clients.ts';
import { createIdentityClient, type Issued } from './identity-client.ts';
import { type Keystone, startKeystone } from './keystone.ts';
import { type Service, startService } from './service.ts';

// What the embedded IAM lacks and Keystone has. Over the same Keystone the other forms of login, for comparison.

let keystone: Keystone;
let service: Service;
let issued: Issued;
before(async () => {
  keystone = await startKeystone();
  service = await startService({ IAM_URL: keystone.baseUrl, IAM_TIMEOUT_MS: '10000' });
  await keystone.listKms(`${service.baseUrl}/v1.0`);
  issued = await createIdentityClient(keystone.baseUrl).issue('demo');
});
after(async () => {
  await service.stop();
  await keystone.stop();
});

interface AccessRule {
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

/** As a user makes one. @param rules absent: it may do what its user may do */
async function createCredential(name: string, rules?: readonly AccessRule[]): Promise<Record<string, string>> {
  const response = await fetch(`${keystone.baseUrl}/users/${keystone.users.get('demo')}/application_credentials`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Auth-Token': issued.token },
    body: JSON.stringify({ application_credential: { name, ...(rules !== undefined && { access_rules: rules }) } }),
  });
  const { application_credential: made } = v.parse(Created, await response.json());
  return {
    OS_AUTH_TYPE: 'v3applicationcredential',
    OS_APPLICATION_CREDENTIAL_ID: made.id,
    OS_APPLICATION_CREDENTIAL_SECRET: made.secret,
  };
}
const Created = v.object({ application_credential: v.object({ id: v.string(), secret: v.string() }) });

const inProject = () => ({ OS_PROJECT_ID: keystone.projects.demo.id });
const byPassword = () => ({ OS_USERNAME: 'demo', OS_PASSWORD: 'demo', OS_USER_DOMAIN_NAME: DOMAIN.name });

const CLIENTS: Readonly<Record<string, Command>> = {
  keystoneauth1: python('keystoneauth.py'),
  otcextensions: python('otc.py'),
  gophercloud: go('gophercloud'),
};

const LOGINS: Readonly<Record<string, (client: string) => object | Promise<object>>> = {
  'user and password': () => ({ ...inProject(), ...byPassword(), OS_DOMAIN_NAME: DOMAIN.name }),
  'a token': () => ({ ...inProject(), OS_AUTH_TYPE: 'token', OS_TOKEN: issued.token }),
  'an application credential': (client) => createCredential(`for ${client}`),
  'one that names this call': (client) => createCredential(`for ${client}, restricted`, [GEN_RANDOM]),
};
const GEN_RANDOM: AccessRule = { service: 'kms', method: 'POST', path: '/v1.0/*/kms/gen-random' };

async function draw(command: Command, login: object): Promise<Outcome> {
  const client = startClient(command, { OS_AUTH_URL: keystone.baseUrl, ...login });
  try {
    return await client.draw(512);
  } finally {
    client.stop();
  }
}

for (const [name, command] of Object.entries(CLIENTS)) {
  for (const [form, login] of Object.entries(LOGINS)) {
    test(`${name} logs in to Keystone by ${form}, and draws`, async () => {
      const { random_data: drawn, shown } = await draw(command, await login(name));
      assert.equal(drawn?.length, 128, shown);
    });
  }
}

const OTHER_RULES: Readonly<Record<string, AccessRule>> = {
  'another service': { ...GEN_RANDOM, service: 'compute' },
  'another method': { ...GEN_RANDOM, method: 'GET' },
  'another path': { ...GEN_RANDOM, path: '/v1.0/*/kms/create-datakey' },
};
for (const [what, rule] of Object.entries(OTHER_RULES)) {
  test(`an application credential that names ${what} is KMS.0307`, async () => {
    const { status, code } = await draw(python('keystoneauth.py'), await createCredential(what, [rule]));
    assert.deepEqual([status, code], [403, 'KMS.0307']);
  });
}
