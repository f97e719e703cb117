import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { FOLDER, runHandler } from '../../support/child-process.ts';
import { freePort } from '../../support/free-port.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { goodRequest, TOKEN } from '../../support/test-server.ts';

const TIMEOUT = { timeout: 20_000 };
const REQUEST = goodRequest().replace(TOKEN, STATIC_TOKEN);
const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
const SETTINGS = { HOST: '127.0.0.1', PORT: '0', AUTH_METHODS, STATIC_TOKENS };

test(
  'a reader who has gone: nothing is drawn any more, and the container ends with 1 and one sentence',
  TIMEOUT,
  async (context) => {
    const { child, written, output } = runHandler(context, 'server.ts', SETTINGS);
    const port = Number((await written(/"port":([0-9]+)/))[1]);
    const connection = openConnection(port);
    connection.send(REQUEST);
    assert.equal((await connection.reply()).status, 200);
    const exited = once(child, 'exit');
    child.stdout?.destroy();
    connection.send(REQUEST);
    const reply = await connection.reply();
    assert.deepEqual([reply.status, /APIGW\.0308/.test(reply.body)], [429, true]);
    assert.deepEqual(await exited, [1, null]);
    assert.match(output.stderr, /^gen-random: standard output cannot be written \(EPIPE\); lines lost: [0-9]+\n$/);
  },
);

test('a request at work when standard output breaks is answered, and not with bytes', TIMEOUT, async (context) => {
  const { child, written } = runHandler(context, 'server.ts', SETTINGS);
  const port = Number((await written(/"port":([0-9]+)/))[1]);
  const [working, breaking] = [openConnection(port), openConnection(port)];
  // Its body is on the way, so it has not been drawn for.
  working.send(REQUEST.slice(0, -1));
  await once(working.socket, 'connect');
  const exited = once(child, 'exit');
  child.stdout?.destroy();
  breaking.send(REQUEST);
  assert.equal((await breaking.reply()).status, 429);
  working.send('}');
  assert.equal((await working.reply()).status, 429);
  assert.deepEqual(await exited, [1, null]);
});

/** The container with its log in a file. */
async function startWithFile(context: TestContext, path: string, before = '') {
  const port = await freePort();
  const command = ['-c', `${before} exec "$@" >"$LOG"`, 'sh', process.execPath, 'handlers/server.ts'];
  const environment = { ...SETTINGS, PORT: String(port), LOG: path };
  const child = spawn('sh', command, { cwd: FOLDER, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  context.after(() => child.kill('SIGKILL'));
  return { port, stderr: text(child.stderr), exited: once(child, 'exit') };
}

test('a disk that is full: the container ends with 1 and one sentence', TIMEOUT, async (context) => {
  const { stderr, exited } = await startWithFile(context, '/dev/full');
  assert.deepEqual(await exited, [1, null]);
  assert.match(await stderr, /^gen-random: standard output cannot be written \(ENOSPC\); lines lost: [0-9]+\n$/);
});

async function connectTo(port: number): Promise<RawConnection> {
  for (;;) {
    const connection = openConnection(port);
    const isOpen = await new Promise((resolve) => {
      connection.socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
    });
    if (isOpen) return connection;
    await setTimeout(20);
  }
}

test(
  'a disk that becomes full in the middle of a line: no bytes are given without their line',
  TIMEOUT,
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'gen-random-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const log = join(folder, 'log');
    // A limit of the size of files stands for the disk: the write that crosses it takes a part.
    const { port, stderr, exited } = await startWithFile(context, log, 'ulimit -f 20;');
    const connection = await connectTo(port);
    let given = 0;
    for (let status = 200; status === 200; ) {
      connection.send(REQUEST);
      ({ status } = await connection.reply());
      if (status === 200) given += 1;
    }
    assert.deepEqual(await exited, [1, null]);
    assert.match(await stderr, /^gen-random: standard output cannot be written \(EFBIG\); lines lost: [0-9]+\n$/);
    const whole = readFileSync(log, 'utf8').split('\n').slice(0, -1);
    assert.equal(whole.filter((line) => JSON.parse(line).status === 200).length, given);
  },
);

test('standard output that is thrown away is no broken one', TIMEOUT, async (context) => {
  const { port } = await startWithFile(context, '/dev/null');
  const connection = await connectTo(port);
  connection.send(REQUEST);
  assert.equal((await connection.reply()).status, 200);
});

test('the local run ends with 1 and one sentence when its terminal has gone', TIMEOUT, async (context) => {
  const { child, written, output } = runHandler(context, 'local.ts', { PORT: '0' });
  const [, url] = await written(/(http:\S+?),.*Ctrl-C/s);
  const exited = once(child, 'exit');
  child.stdout?.destroy();
  const response = await fetch(`${url}/v1.0/elsewhere`, { method: 'POST' });
  assert.notEqual(response.status, 200);
  assert.deepEqual(await exited, [1, null]);
  assert.match(output.stderr, /^gen-random: standard output cannot be written \(EPIPE\); lines lost: [0-9]+\n$/);
});

test('a function on Lambda that cannot write its audit line gives no bytes and ends', TIMEOUT, async (context) => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['tests/support/invoke-once.ts'], {
    cwd: FOLDER,
    env: { ...SETTINGS, AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9', TOKEN: STATIC_TOKEN },
    stdio: ['ignore', full, 'pipe', 'pipe'],
  });
  context.after(() => child.kill('SIGKILL'));
  const [stderr, given, exit] = await Promise.all([
    text(child.stderr ?? assert.fail()),
    text((child.stdio[3] ?? assert.fail()) as NodeJS.ReadableStream),
    once(child, 'exit'),
  ]);
  assert.deepEqual([given, exit], ['', [1, null]]);
  assert.match(stderr, /^gen-random: standard output cannot be written \(ENOSPC\); lines lost: [0-9]+\n$/);
});
