import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { looseObject, parse, record, string } from 'valibot';
import { VARIABLES } from '../../lib/config/config.ts';
import { temporaryFolder } from '../runtimes/unpack.ts';
import { runProgram } from './run.ts';
import { ROOT, tool } from './tools.ts';

const MODULE = join(ROOT, 'deploy/terraform/functiongraph');
const FILES = readdirSync(MODULE).filter((name) => name.endsWith('.tf'));
const ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' };

const run = (name: string, ...parameters: string[]) =>
  runProgram({ command: tool(name), parameters, environment: ENVIRONMENT, cwd: ROOT });
const checkArguments = (module: string) =>
  run('python', join(import.meta.dirname, 'terraform-arguments.py'), module, tool('../pulumi_huaweicloud'));

test('the module is written as HashiCorp formats it', async () => {
  for (const name of FILES) await run('hclfmt', '-check', join(MODULE, name));
});

test("the module is a module to HashiCorp's parser, of one provider", async () => {
  const Module = looseObject({
    required_providers: record(string(), looseObject({ source: string() })),
    variables: record(string(), looseObject({})),
    managed_resources: record(string(), looseObject({})),
  });
  const output: unknown = JSON.parse(await run('terraform-config-inspect', '--json', MODULE));
  assert.ok(typeof output === 'object' && output !== null && !('diagnostics' in output));
  const module = parse(Module, output);
  assert.deepEqual(Object.keys(module.required_providers), ['huaweicloud']);
  assert.deepEqual(Object.keys(module.managed_resources).sort(), [
    'huaweicloud_apig_group.this',
    'huaweicloud_fgs_function.this',
    'huaweicloud_fgs_function_trigger.http',
    'huaweicloud_fgs_function_trigger.timer',
    'huaweicloud_identity_agency.draw_from_kms',
    'huaweicloud_identity_role.draw_from_kms',
    'huaweicloud_lts_group.this',
    'huaweicloud_lts_stream.this',
  ]);
  // Whatever is declared is used, and what is used is declared.
  const text = FILES.map((name) => readFileSync(join(MODULE, name), 'utf8')).join('\n');
  const used = new Set([...text.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
  assert.deepEqual([...used].sort(), Object.keys(module.variables).sort());
});

test('every argument is one that the provider takes, and none is missing', async () => {
  assert.match(await checkArguments(MODULE), /^\d+ arguments\n$/);
});

test('a misspelt argument is found', async (t) => {
  const copy = temporaryFolder(t);
  cpSync(MODULE, copy, { recursive: true });
  const text = readFileSync(join(copy, 'main.tf'), 'utf8');
  writeFileSync(join(copy, 'main.tf'), text.replace('memory_size  ', 'memorySize   '));
  await assert.rejects(checkArguments(copy), ({ stdout }: { stdout: string }) => {
    assert.match(stdout, /memorySize is not taken\n.*memory_size is missing/);
    return true;
  });
});

test('the archives and handlers are those that packaging writes', () => {
  const text = readFileSync(join(MODULE, 'main.tf'), 'utf8');
  for (const [, archive = ''] of text.matchAll(/archive\s+= "(.+)"/g)) readFileSync(join(ROOT, 'dist', archive));
  assert.match(text, /handler\s+= "\$\{each\.key\}\.handler"/);
});

test('no variable of the configuration that is a secret passes as a setting', () => {
  const text = readFileSync(join(MODULE, 'variables.tf'), 'utf8');
  const secrets = Object.keys(VARIABLES).filter((name) =>
    /SECRET|PASSWORD|STATIC_TOKENS|CREDENTIALS|SECURITY_TOKEN/.test(name),
  );
  assert.ok(secrets.length >= 5);
  for (const name of secrets) assert.ok(text.includes(`"${name}"`), name);
});
