import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { ConfigError } from '../../../lib/config/config.ts';
import { appOf } from '../../support/app.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../../support/kms-aws-dialect.ts';
import { type Behaviour, type KmsBackend, startKmsBackend } from '../../support/kms-backend.ts';
import { startKmsService } from '../../support/kms-service.ts';

const DEADLINE_MS = 400;
const LATE_MS = 50;
const VARIABLES = {
  ENTROPY_SOURCES: 'node-crypto,aws-kms,os',
  ENTROPY_TIMEOUT_MS: String(DEADLINE_MS),
  AWS_REGION: AWS_ENVIRONMENT.AWS_REGION,
};

/** Status, Huawei's code, and the seconds of `Retry-After`. */
const OUTAGES: readonly (readonly [Behaviour, status: number, code: string, retryAfter: string])[] = [
  ['throttled', 429, 'APIGW.0308', '1'],
  ['silent', 504, 'APIGW.0201', '5'],
  ['half-an-answer', 504, 'APIGW.0201', '5'],
  ['server-error', 502, 'APIGW.0201', '5'],
  ['access-denied', 502, 'APIGW.0201', '5'],
  ['short', 502, 'APIGW.0201', '5'],
  ['without-bytes', 502, 'APIGW.0201', '5'],
  ['garbage', 502, 'APIGW.0201', '5'],
  ['reset', 502, 'APIGW.0201', '5'],
];

suite('a service with aws-kms', { concurrency: 1 }, () => {
  let backend: KmsBackend;
  before(async () => {
    backend = await startKmsBackend(awsDialect);
    Object.assign(process.env, AWS_ENVIRONMENT, { AWS_ENDPOINT_URL_KMS: backend.origin });
  });
  after(() => backend.close());

  test('draws from all sources', async (context) => {
    backend.behave('good');
    const service = await startKmsService(context, VARIABLES);
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await service.draw();
      assert.equal(status, 200, body);
      assert.ok(!body.includes(backend.given().toString('hex').toUpperCase()));
    }
    assert.deepEqual(service.lines.at(-1)?.sources, ['aws-kms', 'node-crypto', 'os']);
    assert.deepEqual(backend.refusals(), []);
  });

  for (const [behaviour, status, code, retryAfter] of OUTAGES) {
    test(`starts although KMS is ${behaviour}, and says ${status} before the deadline and ${LATE_MS} ms are over`, async (context) => {
      backend.behave(behaviour);
      const service = await startKmsService(context, VARIABLES);
      let fastestMs = Number.POSITIVE_INFINITY;
      for (let count = 0; count < 2; count += 1) {
        const startedAtMs = performance.now();
        const answer = await service.draw();
        fastestMs = Math.min(fastestMs, performance.now() - startedAtMs);
        assert.equal(answer.status, status, answer.body);
        assert.equal(JSON.parse(answer.body).error.error_code, code);
        assert.equal(answer.headers['Retry-After'], retryAfter);
        assert.match(String(service.lines.at(-1)?.detail), /aws-kms/);
      }
      assert.ok(fastestMs < DEADLINE_MS + LATE_MS, `${fastestMs} ms`);
      backend.behave('good');
      assert.equal((await service.draw()).status, 200);
    });
  }

  test('ENTROPY_ON_FAILURE=degrade goes on without it, and names it', async (context) => {
    backend.behave('server-error');
    const service = await startKmsService(context, { ...VARIABLES, ENTROPY_ON_FAILURE: 'degrade' });
    const { status, headers } = await service.draw();
    assert.deepEqual([status, headers['X-Entropy-Degraded']], [200, 'aws-kms']);
  });

  test('what the SDK says of an answer that it cannot read is on no output of ours', async (context) => {
    const warned = context.mock.method(process.stderr, 'write');
    backend.behave('garbage');
    const service = await startKmsService(context, VARIABLES);
    await service.draw();
    assert.deepEqual(
      warned.mock.calls.map(({ arguments: [text] }) => String(text)),
      [],
    );
  });
});

test('without a region it does not start, and says so by name', () => {
  const environment = { IAM_URL: 'https://iam.test/v3', ENTROPY_SOURCES: 'aws-kms' };
  for (const AWS_REGION of [undefined, '', 'eu central 1', 'https://kms.eu-central-1.amazonaws.com']) {
    assert.throws(
      () => appOf({ ...environment, AWS_REGION }, () => undefined),
      (error) =>
        error instanceof ConfigError && error.problems.length === 1 && /^AWS_REGION /.test(error.problems[0] ?? ''),
    );
  }
});
