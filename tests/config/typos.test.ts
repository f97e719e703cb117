import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Environment, VARIABLES } from '../../lib/config/config.ts';
import { configOf, IAM_URL, problemsOf } from '../support/config.ts';

const TYPOS: Readonly<Record<string, string>> = {
  IAM_ALLOWED_ROLE: 'IAM_ALLOWED_ROLES',
  ENTROPY_SOURCE: 'ENTROPY_SOURCES',
  METRIC_PORT: 'METRICS_PORT',
  RATE_LIMIT: 'RATE_LIMIT_PER_SECOND',
  RATE_LIMIT_PER: 'RATE_LIMIT_PER_SECOND',
  TOKEN_CACHE_TTL: 'TOKEN_CACHE_TTL_SECONDS',
  SHUTDOWN_GRACE: 'SHUTDOWN_GRACE_SECONDS',
  IAM_SERVICE: 'IAM_SERVICE_USER',
  AUTH_METHOD: 'AUTH_METHODS',
  AUTH_METOHDS: 'AUTH_METHODS',
  AUHT_METHODS: 'AUTH_METHODS',
  IAM_ALOWED_ROLE: 'IAM_ALLOWED_ROLES',
  iam_allowed_roles: 'IAM_ALLOWED_ROLES',
  MAX_INFLIGHT: 'MAX_IN_FLIGHT',
  IAM_URLS: 'IAM_URL',
  STATIC_TOKEN: 'STATIC_TOKENS',
  STATIC_TOKEN_FILE: 'STATIC_TOKENS_FILE',
  AKSK_CREDENTIAL_FILE: 'AKSK_CREDENTIALS_FILE',
};
for (const [name, meant] of Object.entries(TYPOS)) {
  test(`${name} stops the start and names ${meant}`, () => {
    assert.deepEqual(problemsOf({ IAM_URL, [name]: 'a-value' }), [
      `${name} is not a variable of this service; did you mean ${meant}?`,
    ]);
  });
}

const OTHERS: Environment = {
  HOME: '/root',
  PATH: '/bin',
  HOSTNAME: 'a',
  PORT0: '1',
  HOSTS: 'a',
  IAM_URI: 'short names are nobody’s typo',
  AWS_REGIO: 'a',
  AWS_LAMBDA_LOG_LEVEL: 'INFO',
  HTTPS_PROXY: 'http://proxy.test',
  NODE_OPTIONS: '--enable-source-maps',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  // Made by Kubernetes for Services named iam, metric and max-in-flight.
  IAM_SERVICE_HOST: '10.0.0.2',
  IAM_SERVICE_PORT: '443',
  METRIC_PORT: 'tcp://10.0.0.3:9090',
  METRIC_PORT_9090_TCP_ADDR: '10.0.0.3',
  MAX_IN_FLIGHT_SERVICE_PORT_HTTP: '80',
  RATE_LIMIT_: '',
};
for (const [name, value] of Object.entries(OTHERS)) {
  test(`${name}=${value} is left alone`, () => assert.deepEqual(problemsOf({ IAM_URL, [name]: value }), []));
}

test('no variable of ours looks like another one of ours', () => {
  for (const name of Object.keys(VARIABLES)) {
    const problems = problemsOf({ IAM_URL, [name]: 'x' });
    assert(!problems.some((problem) => problem.includes('did you mean')), name);
  }
});

test('a typo, a bad value and a broken rule are listed one a line, and no value is repeated', () => {
  const environment = { IAM_ALLOWED_ROLE: 'secret-1', PORT: 'secret-2', IAM_SERVICE_USER: 'secret-3' };
  assert.throws(() => configOf({ IAM_URL, ...environment }), {
    message: [
      'configuration:',
      'IAM_ALLOWED_ROLE is not a variable of this service; did you mean IAM_ALLOWED_ROLES?',
      'PORT must be a whole number from 0 to 65535',
      'IAM_SERVICE_USER, IAM_SERVICE_PASSWORD, IAM_SERVICE_DOMAIN and IAM_SERVICE_PROJECT must be set all or none',
    ].join('\n  '),
  });
});

const PHANTOMS: readonly (readonly [name: string, environment: Environment])[] = [
  ['AUTH_METHODS', { IAM_URL: '', AUTH_METHODS: 'ima' }],
  ['SERVER_DOOR', { IAM_URL: '', SERVER_DOOR: 'event' }],
  ['ENTROPY_SOURCES', { ENTROPY_SOURCES: 'kms', AWS_REGION: '' }],
  ['PORT', { PORT: 'x', METRICS_PORT: '8000' }],
];
for (const [name, environment] of PHANTOMS) {
  test(`a wrong ${name} raises no other problem`, () => {
    const [problem, ...others] = problemsOf({ IAM_URL, ...environment });
    assert.match(problem ?? '', new RegExp(`^${name} must be (?!set)`));
    assert.deepEqual(others, []);
  });
}
