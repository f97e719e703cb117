import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readTokenAnswer } from '../../lib/auth/iam/token-answer.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { CACHE_MS, start } from './test-service.ts';

// Keystone, "Application Credentials", access rules; read as keystonemiddleware does.

const CALL = { service: 'kms', method: 'POST', path: PATH };

function documentWith(credential: unknown): string {
  const expiresAt = '2099-01-01T00:00:00.000000Z';
  return JSON.stringify({
    token: { expires_at: expiresAt, project: { id: PROJECT_ID }, application_credential: credential },
  });
}

/** What a token with this credential may do. */
function judgement(credential: unknown): 'allowed' | 'barred' | 'undecided' {
  const verdict = readTokenAnswer(Buffer.from(documentWith(credential)), 0);
  if (verdict.outcome !== 'accepted') return verdict.outcome === 'undecided' ? 'undecided' : assert.fail();
  return verdict.principal.isBarred === true ? 'barred' : 'allowed';
}

const withRules = (rules: unknown) => ({ id: 'c-1', name: 'a credential', restricted: true, access_rules: rules });

suite('without rules everything is allowed', () => {
  for (const credential of [undefined, null, {}, { id: 'c-1' }, withRules(undefined), withRules(null)]) {
    test(String(JSON.stringify(credential)), () => assert.equal(judgement(credential), 'allowed'));
  }
});

const ALLOWED: readonly (readonly object[])[] = [
  [CALL],
  [{ ...CALL, id: 'r-1' }],
  [{ ...CALL, service: 'kmsv1' }],
  [{ ...CALL, service: 'compute' }, CALL],
  ...[
    `${PATH}/`,
    '/v1.0/*/kms/gen-random',
    '/v1.0/{project_id}/kms/gen-random',
    '/v1.0/{a/b}/kms/gen-random',
    '/*/*/*/*',
    '/**',
    '**',
    '/v1.0/**',
    '/v1.0/**/gen-random',
    '**/gen-random',
    '/v1.0/*/kms/gen-*',
    '/v1.0/*/kms/*random',
    '/v1.0/0123*cdef/kms/gen-random',
    `${PATH}**`,
    '/v1.0/***/kms/gen-random',
    '/{version}/{project}/{service}/{call}',
  ].map((path) => [{ ...CALL, path }]),
];
suite('a rule that names the call', () => {
  for (const rules of ALLOWED) {
    test(JSON.stringify(rules), () => assert.equal(judgement(withRules(rules)), 'allowed'));
  }
});

const BARRED: readonly (readonly object[])[] = [
  [],
  ...['compute', 'KMS', 'kms ', 'kmsv2', 'kmsv1.0', '', '*'].map((service) => [{ ...CALL, service }]),
  ...['GET', 'post', 'PUT', 'POST ', '', '*'].map((method) => [{ ...CALL, method }]),
  // Each is fulfilled by another rule.
  [
    { ...CALL, service: 'compute' },
    { ...CALL, method: 'GET' },
    { ...CALL, path: '/v1.0/*' },
  ],
  ...[
    '',
    '/',
    '*',
    '/*',
    '/v1.0/*',
    '/v1.0/*/kms',
    '/v1.0/*/gen-random',
    '/v1.0/kms/gen-random',
    '/v1.0/*/*/kms/gen-random',
    '/v1.0/*/kms/gen-random/*',
    '/v1.0/*/kms/gen-random/**',
    `${PATH}*`,
    '/v1.0/*/kms/create-key',
    '/v1.0/{}{}{project_id}x/kms/gen-random',
    PATH.toUpperCase(),
    PATH.slice(1),
    PATH.slice(0, -1),
    `${PATH}x`,
    `/random${PATH}`,
    PATH.replace(PROJECT_ID, OTHER_PROJECT_ID),
    // No regular expressions.
    '/v1.0/.+/kms/gen-random',
    '/v1x0/*/kms/gen-random',
    `/nothing|${PATH}`,
    '/v1.0/[^/]+/kms/gen-random',
    '/v1.0/{project_id/kms/gen-random',
    '/v1.0/project_id}/kms/gen-random',
  ].map((path) => [{ ...CALL, path }]),
];
suite('rules that do not name the call', () => {
  for (const rules of BARRED) {
    test(JSON.stringify(rules), () => assert.equal(judgement(withRules(rules)), 'barred'));
  }
});

const MALFORMED: readonly unknown[] = [
  ...['a credential', 5, true, false, '', []],
  ...['unrestricted', {}, 5, true, false, '', [CALL, null], ['/**'], [[]], [{}]].map(withRules),
  ...Object.keys(CALL).flatMap((name) =>
    [undefined, null, 5, ['kms'], {}].map((value) => withRules([CALL, { ...CALL, [name]: value }])),
  ),
];
suite('malformed rules decide nothing', () => {
  for (const credential of MALFORMED) {
    test(JSON.stringify(credential), () => assert.equal(judgement(credential), 'undecided'));
  }
});

test('a path that a regular expression would take for ever is judged in a moment', () => {
  const path = `/v1.0/${'**0'.repeat(60)}${'*'.repeat(60)}{x}!`;
  const rules = Array.from({ length: 100 }, () => ({ ...CALL, path }));
  const startedAtMs = performance.now();
  assert.equal(judgement(withRules(rules)), 'barred');
  assert.ok(performance.now() - startedAtMs < 1_000);
});

test('rules are judged on every request, after the project, and their token stays known', async (context) => {
  const { iam, service } = await start(context);
  const rules = { good: [{ ...CALL, path: '/v1.0/*/kms/gen-random' }], barred: [{ ...CALL, service: 'compute' }] };
  iam.misbehave((request, response) => {
    const isGood = request.headers['x-subject-token'] === 'good';
    response.end(documentWith(withRules(isGood ? rules.good : rules.barred)));
  });
  for (const afterMs of [0, 0, CACHE_MS - 1]) {
    iam.clock.ms += afterMs;
    await service.draws('good');
    await service.draws('good', { path: `${PATH}/` });
    await service.refuses('barred', '403 KMS.0307');
    await service.refuses('barred', '403 KMS.0307', { path: `${PATH}/` });
    await service.refuses('barred', '403 KMS.0321', { path: `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random` });
  }
  assert.equal(iam.asked.length, 2);
  const reasons = service.lines.map((line) => JSON.parse(line).reason);
  assert.deepEqual(new Set(reasons), new Set([undefined, 'access-rule-missing', 'project-mismatch']));
});
