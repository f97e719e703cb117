import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { boolean, number, object, parse, string } from 'valibot';
import { KMS_CHUNKS, KMS_FILE } from '../../scripts/targets.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { AWS_ENVIRONMENT, awsDialect } from '../support/kms-aws-dialect.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { wireRequest } from '../support/wire-request.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'a-token-of-the-test';
const Report = object({
  loaded: boolean(),
  loadMs: number(),
  loadedLater: boolean(),
  statusCode: number(),
  body: string(),
});

async function startBackend(t: TestContext) {
  const backend = await startKmsBackend(awsDialect);
  t.after(() => backend.close());
  return backend;
}

async function drawOnce(t: TestContext, variables: Readonly<Record<string, string>>) {
  const [shape] = EVENT_SHAPES;
  if (shape === undefined) throw new TypeError('no event shape');
  const event = JSON.stringify(shape.eventOf(wireRequest({ tokens: [TOKEN] })));
  const child = fork(join(import.meta.dirname, 'draw-once.cjs'), [join(ROOT, 'dist/lambda'), event], {
    env: {
      AUTH_METHODS: 'static',
      STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9',
      ...variables,
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  t.after(() => child.kill());
  const [message] = await once(child, 'message');
  return parse(Report, message);
}

test('a function without aws-kms does not load the chunk beside it', async (t) => {
  const { loaded, loadedLater, statusCode } = await drawOnce(t, {});
  assert.deepEqual([loaded, loadedLater, statusCode], [false, false, 200]);
});

test('a function with aws-kms loads the chunk in its init, makes the call there too, and draws', async (t) => {
  const backend = await startBackend(t);
  const variables = { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_KMS: backend.origin, ENTROPY_SOURCES: 'aws-kms,os' };
  const { loaded, statusCode, body } = await drawOnce(t, variables);
  assert.deepEqual([loaded, statusCode], [true, 200], body);
  // The start-up test and the draw.
  assert.equal(backend.requests(), 2);
  assert.deepEqual(backend.refusals(), []);
});

for (const { name, folder } of KMS_CHUNKS) {
  test(`${name}: the chunk alone asks KMS for bytes, with the role's keys from the environment`, async (t) => {
    const backend = await startBackend(t);
    const chunk = join(ROOT, folder, KMS_FILE);
    const script = `require(${JSON.stringify(chunk)}).createKmsCall()(64, AbortSignal.timeout(5000))
      .then((bytes) => process.stdout.write(Buffer.from(bytes).toString('hex')));`;
    const env = { ...AWS_ENVIRONMENT, AWS_ENDPOINT_URL_KMS: backend.origin };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
    assert.equal(stdout, backend.given().toString('hex'));
    assert.deepEqual(backend.refusals(), []);
  });
}
