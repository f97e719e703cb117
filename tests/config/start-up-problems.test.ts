import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { startHttpFunction } from '../../lib/app/functions.ts';
import { ConfigError, type Environment, type Machine, parseConfig } from '../../lib/config/config.ts';
import { serveOnLoopback } from '../support/loopback.ts';
import { STATIC, startContainer } from '../support/started-service.ts';

const IAM_URL = 'https://iam.test/v3';
const MACHINE: Machine = { hasKernelRandom: true, readTextFile: String };

function problemsOf(environment: Environment, machine: Partial<Machine> = {}): readonly string[] {
  try {
    parseConfig({ IAM_URL, ...environment }, { ...MACHINE, ...machine });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

const KMS = { AWS_REGION: 'eu-central-1' };
const NO_CHUNK = 'ENTROPY_SOURCES names aws-kms, but kms.js is not packed beside this bundle (--param=kms=on)';
const CHUNK: readonly { sources: string; hasKmsChunk: boolean | undefined; problems: readonly string[] }[] = [
  { sources: 'aws-kms', hasKmsChunk: false, problems: [NO_CHUNK] },
  { sources: 'node-crypto,aws-kms', hasKmsChunk: false, problems: [NO_CHUNK] },
  { sources: 'aws-kms', hasKmsChunk: true, problems: [] },
  { sources: 'aws-kms', hasKmsChunk: undefined, problems: [] },
  { sources: 'node-crypto', hasKmsChunk: false, problems: [] },
];
for (const { sources, hasKmsChunk, problems } of CHUNK) {
  const machine = hasKmsChunk === undefined ? {} : { hasKmsChunk };
  test(`ENTROPY_SOURCES=${sources} with hasKmsChunk ${hasKmsChunk}: ${problems[0] ?? 'no problem'}`, () => {
    assert.deepEqual(problemsOf({ ...KMS, ENTROPY_SOURCES: sources }, machine), problems);
  });
}

const DIFFER = 'METRICS_PORT and PORT must differ';
const PORTS: readonly { name: string; environment: Environment; problems: readonly string[] }[] = [
  {
    name: 'PORT and METRICS_PORT that are the same',
    environment: { PORT: '9000', METRICS_PORT: '9000' },
    problems: [DIFFER],
  },
  { name: 'one port spelt in two ways', environment: { PORT: '9000', METRICS_PORT: ' 09000' }, problems: [DIFFER] },
  { name: "a METRICS_PORT that is PORT's default", environment: { METRICS_PORT: '8000' }, problems: [DIFFER] },
  { name: 'two ports', environment: { PORT: '9000', METRICS_PORT: '9001' }, problems: [] },
  { name: 'two that are chosen later', environment: { PORT: '0', METRICS_PORT: '0' }, problems: [] },
  { name: 'PORT alone', environment: { PORT: '9000' }, problems: [] },
];
for (const { name, environment, problems } of PORTS) {
  test(`${name}: ${problems[0] ?? 'no problem'}`, () => {
    assert.deepEqual(problemsOf(environment), problems);
  });
}

test('a taken METRICS_PORT is named in the sentence', async (context: TestContext) => {
  const { port, close } = await serveOnLoopback(createServer());
  context.after(close);
  await assert.rejects(startContainer(context, { ...STATIC, METRICS_PORT: String(port) }), {
    message: `port ${port} on 127.0.0.1 is taken; set METRICS_PORT to a free one`,
  });
});

for (const door of ['cloudevents', 'functiongraph-event']) {
  test(`an HTTP function with SERVER_DOOR=${door} exported asks for IAM_URL all the same`, () => {
    const create = () =>
      startHttpFunction(
        { SERVER_DOOR: door },
        () => undefined,
        () => undefined,
      );
    assert.throws(create, new ConfigError(['IAM_URL is missing; AUTH_METHODS with iam needs it']));
  });
}
