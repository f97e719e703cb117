import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageLambda } from './package-lambda.ts';

const CANARY = 'c4n4ry-0f-4-s3cr3t';
const SECRETS = [
  'AKSK_CREDENTIALS',
  'STATIC_TOKENS',
  'IAM_SERVICE_PASSWORD',
  'HUAWEI_SECRET_KEY',
  'HUAWEI_SECURITY_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
];

test('a secret in the environment of the packaging is in none of its files', (t) => {
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, CANARY]));
  const written = packageLambda(t, ['--stage', 'prod'], { IAM_URL: 'https://iam.example.com/v3', ...secrets });
  const files = readdirSync(written);
  assert.ok(files.includes('cloudformation-template-update-stack.json'));
  for (const name of files) assert.ok(!readFileSync(join(written, name)).includes(CANARY), name);
});
