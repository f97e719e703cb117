import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FOLDER } from '../support/child-process.ts';
import { packageLambda } from './package-lambda.ts';

const IAM_URL = 'https://iam.example.com/v3';

/** Refused by the framework's run as a whole. */
const REFUSED_RUNS: readonly [name: string, parameters: readonly string[], sentence: RegExp][] = [
  ['without IAM_URL', [], /^http: IAM_URL is missing; AUTH_METHODS with iam needs it$/m],
  ['with an unknown parameter', ['--param=kmss=on'], /^--param=kmss is unknown; known are .*\bkms\b/m],
  ['with a switch that is neither on nor off', ['--param=kms=yes'], /^--param=kms must be on or off$/m],
];
for (const [name, parameters, sentence] of REFUSED_RUNS) {
  test(`packaging ${name} fails with one sentence`, (t) => {
    assert.throws(
      () => packageLambda(t, parameters, {}),
      ({ stdout, stderr }) => sentence.test(`${stdout}${stderr}`) || assert.fail(`${stdout}${stderr}`),
    );
  });
}

test('without dist, and with a secret that CloudFormation resolves, everything is built and packed', (t) => {
  const parameters = ['--param=staticTokens={{resolve:secretsmanager:gen-random/static-tokens}}'];
  const folder = packageLambda(t, parameters, { AUTH_METHODS: 'static' });
  assert.ok(readdirSync(folder).includes('http.zip'));
});

const STATIC_TOKENS = { 'Fn::Sub': `\${AWS::StackName}` };
const SETTINGS: readonly [name: string, http: object, shell: Readonly<Record<string, string>>, problems: string][] = [
  ['good ones', { IAM_URL }, {}, ''],
  ['a reference for a secret', { AUTH_METHODS: 'static', STATIC_TOKENS }, {}, ''],
  [
    'an IAM_URL in the clear',
    { IAM_URL: 'http://iam.example.com/v3' },
    {},
    'http: IAM_URL must be an https URL (http only for a loopback host) that ends in /v3, without user, query or fragment',
  ],
  [
    'static tokens that are not there',
    { AUTH_METHODS: 'static', STATIC_TOKENS: '' },
    {},
    'http: STATIC_TOKENS is missing; AUTH_METHODS with static needs it',
  ],
  [
    'a source whose SDK is not packed',
    { IAM_URL, ENTROPY_SOURCES: 'aws-kms,os' },
    {},
    'http: ENTROPY_SOURCES names aws-kms, but kms.js is not packed beside this bundle (--param=kms=on)',
  ],
  [
    'a mistyped variable in the shell that deploys',
    { IAM_URL },
    { IAM_ALLOWED_ROLE: 'te_admin' },
    'IAM_ALLOWED_ROLE is not a variable of this service; did you mean IAM_ALLOWED_ROLES?',
  ],
];
for (const [name, http, shell, problems] of SETTINGS) {
  test(`settings with ${name}: ${problems === '' ? 'no problem' : 'one sentence'}`, () => {
    const script = join(FOLDER, 'scripts/check-settings.ts');
    const input = JSON.stringify({ hasKmsChunk: false, functions: { http, event: {} } });
    assert.equal(execFileSync(process.execPath, [script], { input, env: shell, encoding: 'utf8' }), problems);
  });
}
