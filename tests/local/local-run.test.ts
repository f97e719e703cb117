import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startLocalRun } from '../../lib/local/local-run.ts';
import { FOLDER, type RunningProcess, runHandler } from '../support/child-process.ts';
import { PATH, PROJECT_ID } from '../support/contract.ts';
import { writerOf } from '../support/log-writer.ts';
import { openConnection } from '../support/raw-connection.ts';
import { signed } from '../support/signed-request.ts';

interface RunningLocally extends RunningProcess {
  readonly baseUrl: string;
  /** What it prints when it is ready. */
  readonly text: string;
  /** The two commands that it prints. */
  readonly commands: readonly string[];
}

async function start(context: TestContext, environment: Record<string, string> = {}): Promise<RunningLocally> {
  const running = runHandler(context, 'local.ts', { PORT: '0', ...environment });
  const [text, baseUrl = ''] = await running.written(/^gen-random on (http:\S+?),.*Ctrl-C/s);
  return { ...running, baseUrl, text, commands: text.split('\n').filter((line) => line.includes('curl')) };
}

/** What a person sees who pastes the text into a shell. Standard error is a file: `/dev/stderr` of a pipe cannot be opened. */
async function paste(context: TestContext, text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'gen-random-'));
  context.after(() => rm(folder, { recursive: true }));
  const stderr = await open(join(folder, 'stderr'), 'w');
  const shell = spawn('bash', { stdio: ['pipe', 'pipe', stderr.fd], env: { PATH: process.env.PATH } });
  shell.stdin?.end(text);
  const [stdout] = await Promise.all([shell.stdout?.toArray(), once(shell, 'close')]);
  await stderr.close();
  return { stdout: (stdout ?? []).join(''), stderr: await readFile(join(folder, 'stderr'), 'utf8') };
}

test('the two commands that the local run prints give 201 and 512 random bits', async (context) => {
  const startedAtMs = performance.now();
  const { commands } = await start(context);
  context.diagnostic(`ready after ${Math.round(performance.now() - startedAtMs)} ms`);
  assert.equal(commands.length, 2);
  const { stdout, stderr } = await paste(context, `${commands.join('\n')}\n`);
  assert.match(stderr, /^HTTP\/1\.1 201 /);
  assert.match(stderr, /^x-subject-token: \S+\r$/im);
  assert.match(stdout, /^\{"random_data":"[0-9A-F]{128}"\}$/);
});

test('the local run serves the IAM, the explorer, its document and gen-random on one address', async (context) => {
  const { baseUrl } = await start(context);
  for (const [path, status, type] of [
    ['/v3', 200, 'application/json'],
    ['/v3/auth/tokens', 401, 'application/json'],
    ['/v3?a=b', 200, 'application/json'],
    ['/v3x', 404, 'application/json;charset=utf-8'],
    ['/', 300, 'application/json'],
    ['/openapi.yaml', 200, 'application/yaml'],
    [`/v1.0/${PROJECT_ID}/kms/gen-random`, 405, 'application/json;charset=utf-8'],
  ]) {
    const response = await fetch(`${baseUrl}${path}`, { redirect: 'manual' });
    assert.deepEqual([path, response.status, response.headers.get('content-type')], [path, status, type]);
    await response.arrayBuffer();
  }
});

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const ROOT = [
  { accept: BROWSER, status: 200, type: 'text/html; charset=utf-8' },
  { accept: 'Text/HTML', status: 200, type: 'text/html; charset=utf-8' },
  { accept: 'application/json', status: 300, type: 'application/json' },
  { accept: '*/*', status: 300, type: 'application/json' },
  { accept: 'text/html-fragment', status: 300, type: 'application/json' },
];
test('the root is the explorer for a browser and the list of versions for everybody else', async (context) => {
  const { baseUrl } = await start(context);
  const { port } = new URL(baseUrl);
  for (const { accept, status, type } of ROOT) {
    for (const target of ['/', '/?a=b', `${baseUrl}/`]) {
      const connection = openConnection(Number(port));
      connection.send(`HEAD ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: ${accept}\r\n\r\n`);
      const reply = await connection.reply('HEAD');
      assert.deepEqual([accept, reply.status, reply.headers['content-type']], [accept, status, type]);
      connection.socket.destroy();
    }
  }
  assert.equal((await fetch(`${baseUrl}/`, { method: 'POST' })).status, 404);
});

test('the key that the local run prints signs, for bytes and for the list of projects', async (context) => {
  const { baseUrl, text } = await start(context);
  const [, accessKey = '', secretKey = ''] = /access key (\S+), secret key (\S+),/.exec(text) ?? [];
  assert.deepEqual([accessKey, secretKey], ['DEMOACCESSKEY0000001', 'demo-secret-key-0000000000000000000000001']);
  const key = { accessKey, secretKey };
  const json = [['Content-Type', 'application/json']] as const;
  const body = '{"random_data_length":"512"}';
  const draw = signed({ ...key, headers: json, body });
  const drawn = await fetch(baseUrl + PATH, { method: 'POST', headers: Object.fromEntries(draw.headers ?? []), body });
  assert.match(await drawn.text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);

  const ask = signed({ ...key, method: 'GET', path: '/v3/projects', body: '' });
  const list = await fetch(`${baseUrl}/v3/projects`, { headers: Object.fromEntries(ask.headers ?? []) });
  assert.match(await list.text(), new RegExp(`^\\{"projects":\\[\\{"id":"${PROJECT_ID}","name":"demo"`));
});

test('the local run says which exported settings have no effect, and nothing where there is none', async (context) => {
  const exported = { AUTH_METHODS: 'static', IAM_URL: 'https://iam.test/v3', METRICS_PORT: ' ', LOG_LEVEL: 'warn' };
  assert.match((await start(context, exported)).text, /^Ignored here, [^\n]+: AUTH_METHODS, IAM_URL$/m);
  assert.doesNotMatch((await start(context)).text, /Ignored/);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the local run with 0`, async (context) => {
    const { child, ended, output, baseUrl } = await start(context);
    assert.equal((await fetch(`${baseUrl}/v3`)).status, 200);
    child.kill(signal);
    assert.equal(await ended, 0);
    assert.equal(output.stderr, '');
  });
}

test('a taken port is one line on standard error and exit code 1', async (context) => {
  const { baseUrl } = await start(context);
  const { port } = new URL(baseUrl);
  const second = runHandler(context, 'local.ts', { PORT: port });
  assert.equal(await second.ended, 1);
  assert.deepEqual(second.output, {
    stdout: '',
    stderr: `gen-random: port ${port} on 127.0.0.1 is taken; set PORT to a free one\n`,
  });
});

for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.test', '127.0.0.1.example.test', 'localhost.example.test']) {
  test(`HOST=${host} is refused for the local run`, async () => {
    const environment = { HOST: host, PORT: '0' };
    await assert.rejects(startLocalRun({ environment, writer: writerOf(() => undefined), folder: FOLDER }), {
      name: 'TypeError',
      message: /^HOST must be loopback/,
    });
  });
}

test('a HOST that is refused is one line on standard error and exit code 1', async (context) => {
  const { ended, output } = runHandler(context, 'local.ts', { HOST: '0.0.0.0', PORT: '0' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: HOST must be loopback[^\n]*\n$/);
  assert.equal(output.stdout, '');
});

for (const host of ['127.0.0.1', '127.0.0.2', 'localhost']) {
  test(`the local run listens on HOST=${host}`, async (context) => {
    const environment = { HOST: host, PORT: '0' };
    const { server, baseUrl } = await startLocalRun({ environment, writer: writerOf(() => undefined), folder: FOLDER });
    context.after(() => {
      server.close();
      server.closeAllConnections();
    });
    assert.match(baseUrl, new RegExp(`^http://${host}:[1-9][0-9]*$`));
    assert.equal((await fetch(`${baseUrl}/v3`)).status, 200);
  });
}

test('a wrong configuration of the local run is reported in one go, by name', async (context) => {
  const { ended, output } = runHandler(context, 'local.ts', { PORT: 'x', LOG_LEVEL: 'x', IAM_TIMEOUT_MS: 'x' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: configuration:\n(?: {2}[A-Z_]+ [^\n]+\n){3}$/);
  for (const name of ['PORT', 'LOG_LEVEL', 'IAM_TIMEOUT_MS']) assert.match(output.stderr, new RegExp(`\\b${name} `));
});
