import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, globSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { number, object, parse } from 'valibot';
import { type Child, startChild } from '../runtimes/child.ts';
import { PROJECT_ID, startIam } from '../runtimes/iam.ts';
import { nextAuditLine } from '../runtimes/observed.ts';
import { temporaryFolder, unpack } from '../runtimes/unpack.ts';
import { runProgram } from './run.ts';
import { ROOT, tool } from './tools.ts';

const DOCKERFILE = join(ROOT, 'deploy/docker/Dockerfile');
const HOST = join(import.meta.dirname, 'read-only-host.sh');
const NODE_20_15 = join(ROOT, 'tests/runtimes/node_modules/node-20-15/bin/node');
const TIMEOUT = { timeout: 60_000 };

const Listening = object({ port: number() });

/** The arguments of an instruction of the last stage, the one that runs. */
function instruction(name: string): string[] {
  const stages = readFileSync(DOCKERFILE, 'utf8').split(/^FROM /m);
  const lines = stages.at(-1)?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
}

/** A folder as the image has it, for root to write and for all to read. */
function imageFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  for (const copied of instruction('COPY')) {
    const [, ...sources] = copied.split(' ').slice(0, -1);
    for (const source of sources) {
      const files = globSync(join(ROOT, source.replace(/^\/build\//, '')));
      assert.ok(files.length > 0, source);
      for (const file of files) cpSync(file, join(folder, basename(file)));
    }
  }
  return folder;
}

interface Hosted {
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The permissions that an archive gives to one of its files. */
async function modeInArchive(archive: string, file: string): Promise<number> {
  const program =
    'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).getinfo(sys.argv[2]).external_attr >> 16 & 0o777)';
  const parameters = ['-c', program, join(ROOT, archive), file];
  return Number(await runProgram({ command: tool('python'), parameters, environment: {}, cwd: ROOT }));
}

/** As user 1003, with nothing to write to. */
function startHosted(t: TestContext, { folder, command, environment }: Hosted): Child {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--preserve-env'];
  const [program = '', ...parameters] = [...asRoot, HOST, folder, ...command];
  return startChild(t, {
    command: program,
    parameters,
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    cwd: folder,
  });
}

/** Draws once, with a token of the IAM's, then stops the server. */
async function assertServes(server: Child, token: string): Promise<void> {
  const { port } = parse(Listening, JSON.parse(await server.lineWith('"listening"')));
  const url = `http://127.0.0.1:${port}`;
  assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
  const reply = await fetch(`${url}/v1.0/${PROJECT_ID}/kms/gen-random`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Auth-Token': token },
    body: '{"random_data_length":"512"}',
  });
  assert.match(await reply.text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);
  assert.equal((await nextAuditLine(server)).status, 200);
  server.process.kill('SIGTERM');
  assert.equal(await server.exit, 0);
}

test('the Dockerfile has no finding', async () => {
  const environment = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };
  assert.equal(await runProgram({ command: tool('hadolint'), parameters: [DOCKERFILE], environment, cwd: ROOT }), '');
});

test('the Dockerfile: user 1003, port 8000, no shell, no secret', () => {
  assert.deepEqual(instruction('USER'), ['1003:1003']);
  assert.deepEqual(instruction('EXPOSE'), ['8000']);
  assert.deepEqual(instruction('CMD'), ['["--max-semi-space-size=16", "server.js"]']);
  assert.deepEqual(instruction('RUN'), []);
  assert.doesNotMatch(readFileSync(DOCKERFILE, 'utf8'), /^ARG|SECRET|TOKEN|PASSWORD/m);
});

test('the build gets what it builds from and nothing else', () => {
  const [, ...kept] = readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of kept) assert.ok(line.startsWith('!') && existsSync(join(ROOT, line.slice(1))), line);
});

test('the build runs from those files', TIMEOUT, async (t) => {
  const context = temporaryFolder(t);
  const kept = readFileSync(`${DOCKERFILE}.dockerignore`, 'utf8').matchAll(/^!(.+)$/gm);
  for (const [, name = ''] of kept) cpSync(join(ROOT, name), join(context, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(context, 'node_modules'));
  await runProgram({ command: process.execPath, parameters: ['scripts/build.ts'], environment: {}, cwd: context });
  assert.deepEqual(
    readFileSync(join(context, 'dist/server/server.js')),
    readFileSync(join(ROOT, 'dist/server/server.js')),
  );
});

test('what the image holds runs as user 1003 on a read-only file system, with IAM_URL alone', TIMEOUT, async (t) => {
  const iam = await startIam(t);
  const folder = imageFolder(t);
  const [command = '[]'] = instruction('CMD');
  const server = startHosted(t, {
    folder,
    command: [process.execPath, ...JSON.parse(command)],
    environment: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: '0', IAM_URL: iam.url },
  });
  await assertServes(server, iam.token);
});

test("FunctionGraph's HTTP function: its bootstrap runs the server on its Node, as user 1003", TIMEOUT, async (t) => {
  const iam = await startIam(t);
  const folder = unpack(t, 'dist/functiongraph-server.zip');
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'bootstrap'), await modeInArchive('dist/functiongraph-server.zip', 'bootstrap'));
  const server = startHosted(t, {
    folder,
    command: [join(folder, 'bootstrap')],
    environment: { FUNCTIONGRAPH_NODE: NODE_20_15, RUNTIME_CODE_ROOT: folder, IAM_URL: iam.url },
  });
  await assertServes(server, iam.token);
});
