import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Environment, VARIABLES } from '../../lib/config/config.ts';
import { configOf, IAM_URL, problemNames, problemsOf } from '../support/config.ts';

test('everything but IAM_URL has a default', () => {
  const config = configOf({ IAM_URL });
  assert.deepEqual(
    { ...config },
    {
      ...config,
      AUTH_METHODS: ['iam'],
      IAM_URL,
      IAM_TIMEOUT_MS: 2_000,
      TOKEN_CACHE_TTL_SECONDS: 300,
      TOKEN_CACHE_ENTRIES: 10_000,
      ENTROPY_SOURCES: ['node-crypto', 'os'],
      LOG_LEVEL: 'info',
      ERROR_BODY: 'documented',
      MAX_IN_FLIGHT: 1_000,
      HOST: '0.0.0.0',
      PORT: 8_000,
    },
  );
  assert.equal(config.IAM_ALLOWED_ROLES, undefined);
});

test('a configuration cannot be changed', () => {
  assert.ok(Object.isFrozen(configOf({ IAM_URL })));
});

const ACCEPTED: readonly { name: keyof typeof VARIABLES; given: string; value: unknown }[] = [
  { name: 'AUTH_METHODS', given: 'iam', value: ['iam'] },
  { name: 'AUTH_METHODS', given: ' iam , ', value: ['iam'] },
  { name: 'IAM_TIMEOUT_MS', given: '50', value: 50 },
  { name: 'IAM_TIMEOUT_MS', given: '60000', value: 60_000 },
  { name: 'IAM_ALLOWED_ROLES', given: 'te_admin', value: ['te_admin'] },
  { name: 'IAM_ALLOWED_ROLES', given: 'te_admin, KMS Administrator', value: ['te_admin', 'KMS Administrator'] },
  { name: 'BASE_PATH', given: '/random', value: '/random' },
  { name: 'BASE_PATH', given: '/random/', value: '/random' },
  { name: 'BASE_PATH', given: '/a-1/b_2.x~', value: '/a-1/b_2.x~' },
  { name: 'BASE_PATH', given: '/', value: '' },
  { name: 'BASE_PATH', given: ' ', value: undefined },
  { name: 'BASE_PATH', given: '/v1.0x', value: '/v1.0x' },
  { name: 'TOKEN_CACHE_TTL_SECONDS', given: '0', value: 0 },
  { name: 'TOKEN_CACHE_TTL_SECONDS', given: '300', value: 300 },
  { name: 'TOKEN_CACHE_ENTRIES', given: '1', value: 1 },
  { name: 'TOKEN_CACHE_ENTRIES', given: '1000000', value: 1_000_000 },
  { name: 'ENTROPY_SOURCES', given: 'os', value: ['os'] },
  { name: 'ENTROPY_SOURCES', given: 'node-crypto', value: ['node-crypto'] },
  { name: 'ENTROPY_SOURCES', given: 'os, node-crypto', value: ['os', 'node-crypto'] },
  { name: 'LOG_LEVEL', given: 'debug', value: 'debug' },
  { name: 'LOG_LEVEL', given: 'info', value: 'info' },
  { name: 'LOG_LEVEL', given: 'warn', value: 'warn' },
  { name: 'LOG_LEVEL', given: 'error', value: 'error' },
  { name: 'HOST', given: '127.0.0.1', value: '127.0.0.1' },
  { name: 'PORT', given: '0', value: 0 },
  { name: 'PORT', given: '65535', value: 65_535 },
  { name: 'PORT', given: ' 80\n', value: 80 },
];
for (const { name, given, value } of ACCEPTED) {
  test(`${name}=${JSON.stringify(given)} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(configOf({ IAM_URL, [name]: given })[name], value);
  });
}

const NO_NUMBERS = [
  ...['-1', '+1', '1.5', '1e3', '0x10', ' 1 2', 'ten', '８０', 'NaN', 'Infinity', '9'.repeat(30), '1,000'],
];
const REFUSED: readonly { name: keyof typeof VARIABLES; given: readonly string[] }[] = [
  { name: 'AUTH_METHODS', given: ['none', 'IAM', 'iam,iam', 'iam,none', 'iam none', ',', '[]', 'none,other'] },
  { name: 'IAM_TIMEOUT_MS', given: ['49', '60001', '0', ...NO_NUMBERS] },
  { name: 'IAM_ALLOWED_ROLES', given: [',', ' , '] },
  {
    name: 'BASE_PATH',
    given: [
      'random',
      'random/',
      '//',
      '//random',
      '/random//',
      '/a//b',
      '/ran dom',
      '/random?x',
      '/random#x',
      '/r%61ndom',
      '/..',
      '/a/../b',
      '/.',
      '/{stage}',
      'https://kms.test/random',
      '/v1.0',
      '/v1.0/x',
      '/health',
      '/health/live',
      '/healthz/',
      '/readyz',
    ],
  },
  { name: 'TOKEN_CACHE_TTL_SECONDS', given: ['301', ...NO_NUMBERS] },
  { name: 'TOKEN_CACHE_ENTRIES', given: ['0', '1000001', ...NO_NUMBERS] },
  {
    name: 'ENTROPY_SOURCES',
    given: ['math-random', 'OS', 'os,os', 'os,node-crypto,os', 'os;node-crypto', ',', 'os,x,y'],
  },
  { name: 'LOG_LEVEL', given: ['INFO', 'trace', 'silent', 'info,warn', '1'] },
  { name: 'PORT', given: ['65536', ...NO_NUMBERS] },
];
for (const { name, given } of REFUSED) {
  for (const value of given) {
    test(`${name}=${JSON.stringify(value)} is one problem, named by the variable`, () => {
      const problems = problemsOf({ IAM_URL, [name]: value });
      assert.equal(problems.length, 1, String(problems));
      assert.match(problems[0] ?? '', new RegExp(`^${name} must be `));
    });
  }
}

for (const name of Object.keys(VARIABLES)) {
  for (const empty of ['', ' ', '\t\n']) {
    test(`${name}=${JSON.stringify(empty)} counts as missing`, () => {
      const given = { IAM_URL, [name]: empty };
      const missing = { IAM_URL, [name]: undefined };
      if (name === 'IAM_URL') assert.deepEqual(problemsOf(given), problemsOf(missing));
      else assert.deepEqual(configOf(given), configOf(missing));
    });
  }

  test(`no message repeats the value of ${name}`, () => {
    const value = 'p4ssw0rd';
    const problems = problemsOf({ IAM_URL, [name]: `${value},${value}` });
    assert.doesNotMatch(problems.join(), new RegExp(value, 'i'));
    assert.doesNotMatch(new ConfigError(problems).message, new RegExp(value, 'i'));
  });
}

test('all problems of all variables are reported together', () => {
  const wrong = { ...Object.fromEntries(REFUSED.map(({ name, given }) => [name, given.at(-1)])), IAM_URL: 'x' };
  const names = Object.keys(VARIABLES).filter((name) => name in wrong);
  assert.deepEqual([names.length, problemNames(wrong)], [REFUSED.length + 1, names]);
});

const TOGETHER: readonly (readonly [name: string, environment: Environment, names: readonly string[]])[] = [
  ['a plain IAM_URL beside a wrong port', { IAM_URL: 'http://iam.test/v3', PORT: 'x' }, ['IAM_URL', 'PORT']],
  ['a missing source and no IAM_URL', { ENTROPY_SOURCES: 'os' }, ['ENTROPY_SOURCES', 'IAM_URL']],
  [
    'a missing source, a wrong level',
    { IAM_URL, ENTROPY_SOURCES: 'os', LOG_LEVEL: 'x' },
    ['ENTROPY_SOURCES', 'LOG_LEVEL'],
  ],
];
for (const [name, environment, names] of TOGETHER) {
  test(`${name}: both are reported`, () => {
    assert.deepEqual(problemNames(environment, { hasKernelRandom: false }).sort(), names);
  });
}

test('a variable that is not ours is not looked at', () => {
  const foreign = { PATH: '/bin', iam_url: 'x', NODE_OPTIONS: 'x' };
  assert.deepEqual(configOf({ ...foreign, IAM_URL }), configOf({ IAM_URL }));
});
