import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { unzipSync } from 'fflate';
import { object, parse, record, string, unknown } from 'valibot';
import { bundleFile, KMS_CHUNKS, KMS_FILE, KMS_NOTICES_FILE, META_FOLDER, type Target } from '../../scripts/targets.ts';
import { packageLambda } from './package-lambda.ts';
import { environmentOf, type Properties, resourcesOfType } from './template.ts';

const ROOT = join(import.meta.dirname, '../..');
const STACK = 'cloudformation-template-update-stack.json';
/** 184 kB when it was measured; with the whole chain of credentials it is 319. */
const MAX_FUNCTION_CHUNK_BYTES = 200_000;
const MAX_ZIP_BYTES = 130_000;

const Metafile = object({ inputs: record(string(), unknown()) });

function inputsOf({ name }: Target): string[] {
  return Object.keys(parse(Metafile, JSON.parse(readFileSync(join(ROOT, META_FOLDER, `${name}.json`), 'utf8'))).inputs);
}

for (const chunk of KMS_CHUNKS) {
  const own = inputsOf(chunk).filter((name) => !name.includes('node_modules/'));
  const providers = new Set(inputsOf(chunk).flatMap((name) => /credential-provider-[a-z-]+/.exec(name)?.[0] ?? []));

  test(`${chunk.name}: of ours it holds the SDK call alone`, () => {
    const wanted = ['lib/entropy/aws-kms/kms-call.ts'];
    if (chunk.credentials === 'environment') wanted.push('lib/entropy/aws-kms/environment-credentials.ts');
    assert.deepEqual(own.sort(), wanted.sort());
  });

  test(`${chunk.name}: credentials come from the ${chunk.credentials}`, () => {
    if (chunk.credentials === 'environment') assert.deepEqual([...providers], ['credential-provider-env']);
    else assert.ok(['credential-provider-node', 'credential-provider-imds'].every((name) => providers.has(name)));
  });

  if (chunk.credentials === 'chain') continue;
  test(`${chunk.name}: at most ${MAX_FUNCTION_CHUNK_BYTES} bytes`, () => {
    const { size } = statSync(join(ROOT, chunk.folder, bundleFile(chunk)));
    assert.ok(size <= MAX_FUNCTION_CHUNK_BYTES, `${size} bytes`);
  });
}

interface Packaged {
  readonly files: readonly string[];
  readonly bytes: number;
  readonly http: Properties | undefined;
  /** Every statement of the template that speaks of KMS. */
  readonly kmsStatements: readonly unknown[];
}

function read(folder: string): Packaged {
  const stack = join(folder, STACK);
  const zip = readFileSync(join(folder, 'http.zip'));
  return {
    files: Object.keys(unzipSync(zip)),
    bytes: zip.length,
    http: resourcesOfType(stack, 'AWS::Lambda::Function').find(({ Handler }) => Handler === 'dist/lambda/http.handler'),
    kmsStatements: statementsIn(JSON.parse(readFileSync(stack, 'utf8'))).filter((statement) =>
      JSON.stringify(statement).includes('"kms:'),
    ),
  };
}

function statementsIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'Effect' in value ? [value] : Object.values(value).flatMap(statementsIn);
}

const CHUNK_FILES = [`dist/lambda/${KMS_FILE}`, `dist/lambda/${KMS_NOTICES_FILE}`];

for (const parameters of [[], ['--stage', 'prod']]) {
  test(`packaged with ${parameters.join(' ') || 'no parameter'}: no KMS, no permission to call it, no byte of its SDK`, (t) => {
    const { files, http, kmsStatements } = read(packageLambda(t, parameters));
    assert.deepEqual(
      files.filter((name) => CHUNK_FILES.includes(name)),
      [],
    );
    assert.deepEqual(kmsStatements, []);
    assert.equal(environmentOf(http).ENTROPY_SOURCES, '');
  });
}

test('packaged with kms=on: the source, its chunk and the one permission that it needs', (t) => {
  const folder = packageLambda(t, ['--param=kms=on']);
  const { files, bytes, http, kmsStatements } = read(folder);
  assert.deepEqual(files.filter((name) => CHUNK_FILES.includes(name)).sort(), CHUNK_FILES.toSorted());
  assert.ok(bytes < MAX_ZIP_BYTES, `${bytes} bytes`);
  assert.deepEqual(kmsStatements, [{ Effect: 'Allow', Action: ['kms:GenerateRandom'], Resource: '*' }]);
  assert.equal(environmentOf(http).ENTROPY_SOURCES, 'aws-kms,node-crypto,os');
  const engine = new CelEngine();
  t.after(() => engine.free());
  const { diagnostics } = engine.validateStandard(new TemplateFile(join(folder, STACK)), { severityLevel: 'ERROR' });
  assert.deepEqual(diagnostics, []);
});

test('packaged with kms=on and a list of sources: the list is the one that was given', (t) => {
  const { http } = read(
    packageLambda(t, ['--param=kms=on'], { IAM_URL: 'https://iam.example.com/v3', ENTROPY_SOURCES: 'aws-kms,os' }),
  );
  assert.equal(environmentOf(http).ENTROPY_SOURCES, 'aws-kms,os');
});
