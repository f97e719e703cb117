import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type RunningProcess, runHandler } from '../support/child-process.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { openConnection } from '../support/raw-connection.ts';
import { BODY, sent, type ToSign } from '../support/signed-request.ts';

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

/** What a person sees who pastes the text into a shell. `/dev/stderr` of a pipe cannot be opened: it is a file here. */
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
  const ask = (changes: Partial<ToSign>) => {
    const { method = '', path, headers = [] } = sent({ key: { accessKey, secretKey }, ...changes });
    const body = method === 'POST' ? { body: BODY } : {};
    return fetch(`${baseUrl}${path}`, { method, headers: Object.fromEntries(headers), ...body });
  };
  assert.match(await (await ask({})).text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);
  const list = await ask({ method: 'GET', path: '/v3/projects', body: '' });
  assert.match(await list.text(), new RegExp(`^\\{"projects":\\[\\{"id":"${PROJECT_ID}","name":"demo"`));
});

test('the local run says which exported settings have no effect, and nothing where there is none', async (context) => {
  const exported = { AUTH_METHODS: 'static', IAM_URL: 'https://iam.test/v3', METRICS_PORT: ' ', LOG_LEVEL: 'warn' };
  assert.match((await start(context, exported)).text, /^Ignored here, [^\n]+: AUTH_METHODS, IAM_URL$/m);
  assert.doesNotMatch((await start(context)).text, /Ignored/);
});

test('Ctrl-C ends the local run with 0', async (context) => {
  const { child, ended, output, baseUrl } = await start(context);
  assert.equal((await fetch(`${baseUrl}/v3`)).status, 200);
  child.kill('SIGINT');
  assert.equal(await ended, 0);
  assert.equal(output.stderr, '');
});

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

test('a HOST that is refused is one line on standard error and exit code 1', async (context) => {
  const { ended, output } = runHandler(context, 'local.ts', { HOST: '0.0.0.0', PORT: '0' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: HOST must be loopback[^\n]*\n$/);
  assert.equal(output.stdout, '');
});

test('a wrong configuration of the local run is reported in one go, by name', async (context) => {
  const { ended, output } = runHandler(context, 'local.ts', { PORT: 'x', LOG_LEVEL: 'x', IAM_TIMEOUT_MS: 'x' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: configuration:\n(?: {2}[A-Z_]+ [^\n]+\n){3}$/);
  for (const name of ['PORT', 'LOG_LEVEL', 'IAM_TIMEOUT_MS']) assert.match(output.stderr, new RegExp(`\\b${name} `));
});
