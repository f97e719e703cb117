import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { looseObject, object, parse, record, string } from 'valibot';
import { freePort } from '../support/free-port.ts';
import { type EmulatedAws, startEmulatedAws } from './emulated-aws.ts';
import { runProgram } from './run.ts';
import { ROOT, tool } from './tools.ts';

const GUIDE = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const NEEDED = ['LICENSE', 'deploy', 'handlers', 'lib', 'package.json', 'scripts', 'serverless.yml', 'tsconfig.json'];
const GUIDE_LIMIT = { timeout: 300_000 };

interface Block {
  readonly heading: string;
  readonly commands: string;
}

/** The blocks that the guide says are run, in its order. */
const BLOCKS: readonly Block[] = GUIDE.split(/^(?=#{1,3} )/m).flatMap((section) => {
  const heading = section.slice(0, section.indexOf('\n')).replace(/^#+ /, '');
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => ({ heading, commands }));
});

let project: string;
let aws: EmulatedAws;

before(async () => {
  project = mkdtempSync(join(tmpdir(), 'gen-random-guide-'));
  for (const name of NEEDED) cpSync(join(ROOT, name), join(project, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
  aws = await startEmulatedAws();
});
after(async () => {
  await aws.stop();
  rmSync(project, { recursive: true });
});

/** A section's commands in one shell, as a reader types them. `npm ci` has been done: it is what brought this check here. */
async function runSection(heading: string, port: number): Promise<string> {
  const commands = BLOCKS.filter((block) => block.heading === heading).map((block) => block.commands);
  const script = join(project, 'guide.sh');
  const text = commands
    .join('\n')
    .replace(/^npm ci$/m, '')
    .replaceAll(':8000', `:${port}`);
  writeFileSync(script, `set -euxo pipefail\n${text}`);
  const path = [join(ROOT, 'node_modules/.bin'), dirname(tool('aws')), dirname(process.execPath), '/usr/bin', '/bin'];
  return runProgram({
    command: '/bin/bash',
    parameters: [script],
    environment: { ...aws.environment, PORT: String(port), PATH: path.join(':'), npm_config_update_notifier: 'false' },
    cwd: project,
  });
}

const outputs: Record<string, string> = {};
for (const heading of new Set(BLOCKS.map((block) => block.heading))) {
  test(`${heading}: the commands run`, GUIDE_LIMIT, async () => {
    outputs[heading] = await runSection(heading, await freePort());
  });
}

test('the guide shows the address of the API', () => {
  assert.match(String(outputs.Lambda), /^https:\/\/\w+\.execute-api\.eu-central-1\.amazonaws\.com$/m);
});

test('the container of the guide was ready', () => {
  assert.match(String(outputs['Knative, Kubernetes and Cloud Run']), /"status":"ok"/);
});

test('a secret by reference was in the function and not in the template', async () => {
  const template = readFileSync(join(project, '.serverless/cloudformation-template-update-stack.json'), 'utf8');
  assert.match(template, /\{\{resolve:secretsmanager:gen-random\/static-tokens\}\}/);
  assert.doesNotMatch(template, /[0-9a-f]{64}/);
});

test('the roll-back of the guide has brought the first settings back', async () => {
  const Configuration = looseObject({ Environment: object({ Variables: record(string(), string()) }) });
  const function_ = ['--function-name', 'gen-random-prod-http'];
  const answer = await aws.cli('lambda', 'get-function-configuration', ...function_);
  const { Variables } = parse(Configuration, answer).Environment;
  assert.equal(Variables.STATIC_TOKENS, '');
});

test('every section of the guide that is run is known here', () => {
  assert.deepEqual(
    [...new Set(BLOCKS.map((block) => block.heading))],
    [
      'Deploying gen-random',
      'Lambda',
      'Secrets on Lambda',
      'Messages in a queue',
      'Watching on Lambda',
      'Back to an earlier deployment',
      'Knative, Kubernetes and Cloud Run',
    ],
  );
});

test('every file that the guide names is there', () => {
  const files = [...GUIDE.matchAll(/`((?:deploy|dist)\/[\w./-]+)`/g)].map(([, name = '']) => name);
  assert.ok(files.length > 5);
  for (const name of files) assert.ok(existsSync(join(ROOT, name)), name);
});
