import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CONNECTION_BYTES, MAX_QUEUED_LOG_BYTES } from '../../lib/limits.ts';
import { createLogWriter } from '../../lib/telemetry/standard-output.ts';
import { FOLDER, runHandler } from '../support/child-process.ts';
import { flawsOf } from '../support/contract-flaws.ts';
import { freePort } from '../support/free-port.ts';
import { openConnection } from '../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { goodRequest, TOKEN } from '../support/test-server.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import { startWorld } from './world.ts';

const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
const ENVIRONMENT = { HOST: '127.0.0.1', PORT: '0', AUTH_METHODS, STATIC_TOKENS };

/** Takes what is written, or keeps its writer waiting. */
function createReader() {
  let waiting: (() => void)[] | undefined;
  let received = '';
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      received += chunk;
      if (waiting === undefined) done();
      else waiting.push(done);
    },
  });
  return {
    stream,
    received: () => received,
    pause() {
      waiting = [];
    },
    resume() {
      const held = waiting ?? [];
      waiting = undefined;
      for (const done of held) done();
    },
  };
}

const STALLED = 'gen_random_throttled_total{reason="log-stalled"}';
const DROPPED = 'gen_random_connections_dropped_total';
const LIMIT = 20;

/** More silent strangers than there is room for: the longest open ones go, and who has a credential is answered. */
async function crowd(context: TestContext): Promise<void> {
  const resources = { memoryBytes: 4 * LIMIT * CONNECTION_BYTES, freeDescriptors: 10_000 };
  const world = await startWorld(context, STATIC, { resources });
  const strangers = Array.from({ length: 3 * LIMIT }, () => {
    const connection = openConnection(world.service.port);
    connection.send('POST / HTTP/1.1\r\nX-Slow: ');
    return connection;
  });
  while ((await world.metric(DROPPED)) < 2 * LIMIT) await turn();
  await world.expects('bytes');
  assert.ok((await world.metric('gen_random_connections')) <= LIMIT);
  const notes = world.lines.filter(({ message }) => message === 'connections are turned away');
  assert.equal(notes.length, 1);
  for (const { socket } of strangers) socket.destroy();
  await world.expects('bytes');
}

/** The same in a process of 64 file descriptors. */
async function crowdProcess(context: TestContext): Promise<void> {
  const metricsPort = await freePort();
  const script = 'ulimit -n 64; exec "$0" handlers/server.ts';
  const env = { ...ENVIRONMENT, METRICS_PORT: String(metricsPort) };
  const child = spawn('sh', ['-c', script, process.execPath], {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  while (!said.includes('"listening"')) await once(child.stdout, 'data');
  const port = Number(/"port":([0-9]+)/.exec(said)?.[1]);
  const strangers = Array.from({ length: 100 }, () => openConnection(port));
  for (const connection of strangers) connection.send('POST / HTTP/1.1\r\nX-Slow: ');
  const known = openConnection(port);
  known.send(goodRequest().replace(TOKEN, STATIC_TOKEN));
  assert.deepEqual(flawsOf(await known.reply(), 8), []);
  while (!said.includes('"connections are turned away"')) await once(child.stdout, 'data');
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  assert.ok(Number(new RegExp(`^${DROPPED} ([0-9]+)$`, 'm').exec(metrics)?.[1]) > 0);
  for (const { socket } of [...strangers, known]) socket.destroy();
}

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'the reader of standard output stalls, and goes on',
    client: '429 APIGW.0308 once 4 MiB of lines are queued; nothing is drawn',
    reason: 'log-stalled',
    metric: STALLED,
    alert: 'GenRandomThrottling',
    heals: 'when the queued lines are out; not ready until then, and one line counts what was refused',
    async run(context) {
      const reader = createReader();
      const writer = createLogWriter({ isDirect: false, openStream: () => reader.stream });
      const world = await startWorld(context, STATIC, { writer });
      assert.equal((await world.ask()).status, 200);
      reader.pause();
      writer.writeLine('x'.repeat(MAX_QUEUED_LOG_BYTES + 1));
      assert.deepEqual(flawsOf(await world.ask(), '429 APIGW.0308'), []);
      assert.equal(await world.isReady(), false);
      assert.equal(await world.metric(STALLED), 1);
      reader.resume();
      while (!(await world.isReady())) await turn();
      assert.equal((await world.ask()).status, 200);
      assert.match(
        reader.received(),
        /"message":"requests were refused while standard output stalled","refused":[1-9]/,
      );
    },
  },
  {
    name: 'the reader of standard output goes away',
    client: '429 APIGW.0308 for a moment, then a refused connection; nothing is drawn',
    alert: 'GenRandomDown',
    heals: 'by a new container: this one ends with 1 and a sentence on standard error',
    async run(context) {
      const { child, written, ended, output } = runHandler(context, 'server.ts', ENVIRONMENT);
      const [, port] = await written(/"message":"listening".*"port":([0-9]+)/);
      child.stdout?.destroy();
      const statuses = new Set<number | undefined>();
      while (!statuses.has(undefined)) {
        const answer = await fetch(`http://127.0.0.1:${port}/nothing-here`).catch(() => undefined);
        statuses.add(answer?.status);
      }
      // The first line is the one that finds the reader gone.
      for (const status of statuses) assert.ok([404, 429, undefined].includes(status), `${status}`);
      assert.equal(await ended, 1);
      assert.match(output.stderr, /^gen-random: standard output cannot be written \(EPIPE\); lines lost: [0-9]+\n$/);
    },
  },
  {
    name: 'the disk of standard output is full',
    client: 'a refused connection',
    alert: 'GenRandomDown',
    heals: 'by a new container: this one ends with 1 and a sentence on standard error',
    async run(context) {
      const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const;
      const child = spawn(process.execPath, ['handlers/server.ts'], {
        cwd: FOLDER,
        env: ENVIRONMENT,
        stdio: [...stdio],
      });
      context.after(() => child.kill('SIGKILL'));
      const [said, [code]] = await Promise.all([text(child.stderr ?? assert.fail()), once(child, 'close')]);
      assert.equal(code, 1);
      assert.match(said, /^gen-random: standard output cannot be written \(ENOSPC\); lines lost: [0-9]+\n$/);
    },
  },
  {
    name: 'silent strangers hold more connections than memory has room for',
    client: '200 for who has a credential; the strangers that are open longest are cut off',
    metric: DROPPED,
    alert: 'GenRandomConnectionsDropped',
    heals: NEXT_REQUEST,
    run: crowd,
  },
  {
    name: 'silent strangers hold more connections than there are file descriptors for',
    client: '200 for who has a credential; the strangers that are open longest are cut off',
    metric: DROPPED,
    alert: 'GenRandomConnectionsDropped',
    heals: NEXT_REQUEST,
    run: crowdProcess,
  },
];
