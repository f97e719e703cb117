import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../../lib/config/config.ts';
import { IAM_URL, problemNames } from '../../support/config.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { type Behaviour, startKmsBackend } from '../../support/kms-backend.ts';
import { drawFrom, STATIC, startContainer } from '../../support/started-service.ts';

const DEADLINE_MS = 400;
const LATE_MS = 50;

/** A container with a KMS that behaves so. */
async function start(context: TestContext, behaviour: Behaviour, more: Environment = {}) {
  const backend = await startKmsBackend(awsDialect, context);
  backend.behave(behaviour);
  Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: backend.origin });
  const container = await startContainer(context, {
    ...STATIC,
    ENTROPY_SOURCES: 'node-crypto,aws-kms,os',
    ENTROPY_TIMEOUT_MS: String(DEADLINE_MS),
    AWS_REGION: AWS_ENVIRONMENT.AWS_REGION,
    ...more,
  });
  return { ...container, backend, draw: () => drawFrom(container) };
}

test('draws from all sources', async (context) => {
  const { backend, audited, draw } = await start(context, 'good');
  for (let count = 0; count < 3; count += 1) {
    const response = await draw();
    const body = await response.text();
    assert.equal(response.status, 200, body);
    assert.ok(!body.includes(backend.given().toString('hex').toUpperCase()));
  }
  assert.deepEqual(audited().at(-1)?.sources, ['aws-kms', 'node-crypto', 'os']);
  assert.deepEqual(backend.refusals(), []);
});

/** One of each kind; what else a KMS may do, and which kind it is, is in kms-sources.test.ts. */
const OUTAGES: readonly (readonly [Behaviour, status: number, code: string, retryAfter: string])[] = [
  ['throttled', 429, 'APIGW.0308', '1'],
  ['silent', 504, 'APIGW.0201', '5'],
  ['access-denied', 502, 'APIGW.0201', '5'],
];
for (const [behaviour, status, code, retryAfter] of OUTAGES) {
  test(`starts although KMS is ${behaviour}, and says ${status} before the deadline and ${LATE_MS} ms are over`, async (context) => {
    const { backend, audited, draw } = await start(context, behaviour);
    let fastestMs = Number.POSITIVE_INFINITY;
    for (let count = 0; count < 2; count += 1) {
      const startedAtMs = performance.now();
      const response = await draw();
      fastestMs = Math.min(fastestMs, performance.now() - startedAtMs);
      assert.deepEqual([response.status, response.headers.get('retry-after')], [status, retryAfter]);
      assert.match(await response.text(), new RegExp(`"error_code":"${code}"`));
      assert.match(String(audited().at(-1)?.detail), /aws-kms/);
    }
    assert.ok(fastestMs < DEADLINE_MS + LATE_MS, `${fastestMs} ms`);
    backend.behave('good');
    assert.equal((await draw()).status, 200);
  });
}

test('ENTROPY_ON_FAILURE=degrade goes on without it, and names it', async (context) => {
  const { draw } = await start(context, 'server-error', { ENTROPY_ON_FAILURE: 'degrade' });
  const { status, headers } = await draw();
  assert.deepEqual([status, headers.get('x-entropy-degraded')], [200, 'aws-kms']);
});

test('what the SDK says of an answer that it cannot read is on no output of ours', async (context) => {
  const warned = context.mock.method(process.stderr, 'write');
  const { draw } = await start(context, 'garbage');
  await draw();
  assert.deepEqual(
    warned.mock.calls.map(({ arguments: [text] }) => String(text)),
    [],
  );
});

test('without a region it does not start, and says so by name', () => {
  for (const AWS_REGION of [undefined, '', 'eu central 1', 'https://kms.eu-central-1.amazonaws.com']) {
    assert.deepEqual(problemNames({ IAM_URL, ENTROPY_SOURCES: 'aws-kms', AWS_REGION }), ['AWS_REGION']);
  }
});
