import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { startHttpFunction } from '../../lib/app/functions.ts';
import { ConfigError, type Environment } from '../../lib/config/config.ts';
import { configOf, IAM_URL, problemsOf } from '../support/config.ts';
import { serveOnLoopback } from '../support/loopback.ts';
import { STATIC, startContainer } from '../support/started-service.ts';

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
    assert.deepEqual(problemsOf({ IAM_URL, ...KMS, ENTROPY_SOURCES: sources }, machine), problems);
  });
}

const KERNEL: readonly (readonly [given: string | undefined, hasKernelRandom: boolean, sources?: readonly string[]])[] =
  [
    [undefined, true, ['node-crypto', 'os']],
    ['', true, ['node-crypto', 'os']],
    ['os', true, ['os']],
    ['node-crypto', true, ['node-crypto']],
    [undefined, false, ['node-crypto']],
    ['', false, ['node-crypto']],
    ['node-crypto', false, ['node-crypto']],
    ['os', false],
    ['node-crypto,os', false],
  ];
for (const [given, hasKernelRandom, sources] of KERNEL) {
  const machine = hasKernelRandom ? 'with' : 'without';
  test(`ENTROPY_SOURCES=${given ?? '(unset)'} on a machine ${machine} a kernel device: ${sources ?? 'refused'}`, () => {
    const problem = 'ENTROPY_SOURCES names os, but this system has no kernel random device';
    const environment = { IAM_URL, ENTROPY_SOURCES: given };
    assert.deepEqual(problemsOf(environment, { hasKernelRandom }), sources === undefined ? [problem] : []);
    if (sources !== undefined) assert.deepEqual(configOf(environment, { hasKernelRandom }).ENTROPY_SOURCES, sources);
  });
}

const DIFFER = 'METRICS_PORT and PORT must differ';
const PORTS: readonly (readonly [name: string, environment: Environment, problem?: string])[] = [
  ['PORT and METRICS_PORT that are the same', { PORT: '9000', METRICS_PORT: '9000' }, DIFFER],
  ['one port spelt in two ways', { PORT: '9000', METRICS_PORT: ' 09000' }, DIFFER],
  ["a METRICS_PORT that is PORT's default", { METRICS_PORT: '8000' }, DIFFER],
  ['two ports', { PORT: '9000', METRICS_PORT: '9001' }],
  ['two that are chosen later', { PORT: '0', METRICS_PORT: '0' }],
  ['PORT alone', { PORT: '9000' }],
];
for (const [name, environment, problem] of PORTS) {
  test(`${name}: ${problem ?? 'no problem'}`, () => {
    assert.deepEqual(problemsOf({ IAM_URL, ...environment }), [problem].filter(Boolean));
  });
}

test('a taken METRICS_PORT is named in the sentence', async (context) => {
  const { port } = await serveOnLoopback(createServer(), context);
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
