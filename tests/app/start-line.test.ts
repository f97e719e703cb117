import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startEventFunction, startHttpFunction } from '../../lib/app/functions.ts';
import { readConfig } from '../../lib/app/read-config.ts';
import { inForce } from '../../lib/app/start-line.ts';
import { VERSION } from '../../lib/telemetry/version.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { assertWithout } from '../support/secrets.ts';

const SECRETS = ['the-password-of-the-account', 'the-secret-of-a-key', 'f'.repeat(64), 'the-secret-of-huawei'];
const ENVIRONMENT = {
  AUTH_METHODS: 'iam,static,aksk',
  IAM_URL: 'https://iam.test:5000/v3',
  IAM_ALLOWED_ROLES: 'te_admin,kms_user',
  IAM_SERVICE_USER: 'gen-random',
  IAM_SERVICE_PASSWORD: SECRETS[0],
  IAM_SERVICE_DOMAIN: 'Default',
  IAM_SERVICE_PROJECT: 'service',
  AKSK_CREDENTIALS: JSON.stringify([{ access_key: 'AK', secret_key: SECRETS[1], project_id: PROJECT_ID }]),
  STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [SECRETS[2]] }),
  HUAWEI_SECRET_KEY: SECRETS[3],
  RATE_LIMIT_PER_SECOND: '5',
};

test('a start says in one line what is in force, and no secret', () => {
  const line = JSON.stringify(inForce(readConfig(ENVIRONMENT), true));
  assert.deepEqual(JSON.parse(line), {
    version: VERSION,
    node: process.versions.node,
    door: 'http',
    auth_methods: ['iam', 'static', 'aksk'],
    iam_host: 'iam.test:5000',
    allowed_roles: ['te_admin', 'kms_user'],
    service_account: true,
    token_cache_ttl_seconds: 300,
    entropy_sources: ['node-crypto', 'os'],
    entropy_on_failure: 'refuse',
    rate_limit_per_second: 5,
    max_in_flight: 1000,
    log_level: 'info',
  });
  assertWithout(line, SECRETS);
});

test('a door that asks for no credential names no method', () => {
  const { door, auth_methods, iam_host } = inForce(readConfig({ ...ENVIRONMENT, SERVER_DOOR: 'cloudevents' }));
  assert.deepEqual([door, auth_methods, iam_host], ['cloudevents', undefined, undefined]);
});

for (const [name, start] of [
  ['HTTP', startHttpFunction],
  ['event', startEventFunction],
] as const) {
  test(`the ${name} function writes that line when it starts`, () => {
    const lines: string[] = [];
    start(
      ENVIRONMENT,
      (line) => lines.push(line),
      () => undefined,
    );
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /"message":"started","version":"/);
  });
}

test('there is one version', () => {
  const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  assert.equal(JSON.parse(read('package.json')).version, VERSION);
  assert.equal(/^ {2}version: ['"]?([0-9.]+)/m.exec(read('docs/openapi.yaml'))?.[1], VERSION);
});
