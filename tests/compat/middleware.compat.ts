import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEMO } from '../../lib/local/demo.ts';
import { python } from './clients.ts';
import { startProgram } from './processes.ts';
import { type SteerableIam, startSteerableIam } from './steerable-iam.ts';
import { issueToken } from './tokens.ts';

// A verifier that we did not write, over the embedded IAM: what it takes and refuses there, it takes and refuses at Keystone.

let iam: SteerableIam;
let middleware: { readonly url: string; readonly stop: () => Promise<void> };
before(async () => {
  iam = await startSteerableIam();
  const [command = '', ...parameters] = python('middleware.py');
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    OS_AUTH_URL: iam.origin,
    OS_USERNAME: DEMO.user.name,
    OS_PASSWORD: DEMO.password,
    OS_USER_DOMAIN_NAME: DEMO.domain.name,
    OS_PROJECT_ID: DEMO.project.id,
  };
  const { ready, stop } = await startProgram(
    { command, parameters, environment, cwd: import.meta.dirname },
    /^(http:\S+)$/m,
  );
  middleware = { url: ready[1] ?? '', stop };
});
after(async () => {
  await middleware.stop();
  iam.stop();
});

const ask = (token?: string) =>
  fetch(middleware.url, { headers: token === undefined ? {} : { 'X-Auth-Token': token } });

test('keystonemiddleware takes a token of the embedded IAM, and hands on whose it is', async () => {
  const response = await ask(await issueToken(iam.origin));
  assert.equal(response.status, 200, await response.clone().text());
  assert.deepEqual(await response.json(), {
    IDENTITY_STATUS: 'Confirmed',
    PROJECT_ID: DEMO.project.id,
    PROJECT_NAME: DEMO.project.name,
    USER_ID: DEMO.user.id,
    USER_NAME: DEMO.user.name,
    USER_DOMAIN_NAME: DEMO.domain.name,
    ROLES: DEMO.role.name,
  });
});

const REFUSED: readonly [what: string, token: () => Promise<string | undefined>][] = [
  ['no token', async () => undefined],
  ['an unknown token', async () => 'a-token-that-nobody-issued'],
  ['a revoked token', () => issueToken(iam.origin).finally(() => iam.revokeTokens())],
  ['an expired token', () => issueToken(iam.origin).finally(() => iam.expireTokens())],
];
for (const [what, token] of REFUSED) {
  test(`keystonemiddleware refuses ${what}`, async () => {
    const response = await ask(await token());
    assert.deepEqual(
      [response.status, response.headers.get('www-authenticate')],
      [401, `Keystone uri="${iam.origin}"`],
    );
  });
}
