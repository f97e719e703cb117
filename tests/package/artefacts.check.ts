import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { object, parse, record, string, unknown } from 'valibot';
import { buildAll } from '../../scripts/bundle.ts';
import {
  bundleFile,
  KMS_CHUNKS,
  META_FOLDER,
  NOTICES_FILE,
  noticesFile,
  PACKAGE_FILE,
  TARGETS,
  type Target,
} from '../../scripts/targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAX_LAMBDA_ZIP_BYTES = 60_000;

const FOREIGN = /@aws-sdk|@smithy|^lib\/local\/|kms-call\.ts$|seeded\.ts$/;

const Metafile = object({ inputs: record(string(), unknown()) });

const filesOf = (target: Target) =>
  [noticesFile(target), bundleFile(target), PACKAGE_FILE].map((n) => `${target.folder}/${n}`);

for (const target of TARGETS) {
  test(`${target.name}: the bundle holds neither an SDK nor a part of the local run or of tests`, () => {
    const metafile = parse(Metafile, JSON.parse(readFileSync(join(ROOT, META_FOLDER, `${target.name}.json`), 'utf8')));
    const foreign = Object.keys(metafile.inputs).filter((name) => FOREIGN.test(name));
    assert.deepEqual(foreign, []);
  });
}

for (const target of [...TARGETS, ...KMS_CHUNKS]) {
  test(`${target.name}: no path of the machine that built it`, () => {
    for (const name of filesOf(target)) assert.ok(!readFileSync(join(ROOT, name), 'utf8').includes(ROOT), name);
  });
}

test('the Lambda zip holds the bundle, its licences and nothing else', () => {
  const zip = readFileSync(join(ROOT, '.serverless/http.zip'));
  const expected = TARGETS.filter(({ name }) => name === 'lambda-http').flatMap(filesOf);
  const entries = unzipSync(zip);
  assert.deepEqual(Object.keys(entries).sort(), expected.sort());
  for (const name of expected) assert.deepEqual(Buffer.from(entries[name] ?? []), readFileSync(join(ROOT, name)), name);
  assert.ok(zip.length < MAX_LAMBDA_ZIP_BYTES, `${zip.length} bytes`);
});

test('the FunctionGraph zip holds the bundle at its root, where the handler setting looks', () => {
  const entries = unzipSync(readFileSync(join(ROOT, 'dist/functiongraph-http.zip')));
  assert.deepEqual(Object.keys(entries).sort(), [NOTICES_FILE, 'http.js', PACKAGE_FILE].sort());
});

test('the same sources give the same bytes elsewhere', async (t) => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'gen-random-build-'));
  t.after(() => rmSync(elsewhere, { recursive: true }));
  for (const name of ['handlers', 'lib', PACKAGE_FILE, 'tsconfig.json'])
    cpSync(join(ROOT, name), join(elsewhere, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'));
  await buildAll(elsewhere);
  for (const name of [...TARGETS, ...KMS_CHUNKS].flatMap(filesOf)) {
    assert.deepEqual(readFileSync(join(elsewhere, name)), readFileSync(join(ROOT, name)), name);
  }
});
