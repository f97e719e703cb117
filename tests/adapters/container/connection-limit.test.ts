import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { connectionLimitOf } from '../../../lib/adapters/container/connection-limit.ts';
import { FOLDER } from '../../support/child-process.ts';
import { freePort } from '../../support/free-port.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';
import { goodRequest, TOKEN } from '../../support/test-server.ts';

const TIMEOUT = { timeout: 20_000 };
const MIB = 1024 * 1024;
const KNOWN = goodRequest().replace(TOKEN, STATIC_TOKEN);

const LIMITS = [
  { name: 'a container of 256 MiB', memoryBytes: 256 * MIB, freeDescriptors: 1_000_000, limit: 819 },
  { name: 'a container of 128 MiB', memoryBytes: 128 * MIB, freeDescriptors: 1_000_000, limit: 409 },
  { name: 'a machine of 24 GiB', memoryBytes: 24 * 1024 * MIB, freeDescriptors: 1_000_000, limit: 10_000 },
  { name: 'a process of 64 descriptors, 20 of them in use', memoryBytes: 4096 * MIB, freeDescriptors: 44, limit: 22 },
  { name: 'a system that does not say', memoryBytes: 256 * MIB, freeDescriptors: Number.POSITIVE_INFINITY, limit: 819 },
  { name: 'a process without anything', memoryBytes: 1, freeDescriptors: -3, limit: 1 },
];
for (const { name, limit, ...resources } of LIMITS) {
  test(`${name} holds ${limit} connections`, () => assert.equal(connectionLimitOf(resources), limit));
}

/** A service with room for so many connections. */
async function startSmall(context: TestContext, limit: number, environment: Readonly<Record<string, string>> = {}) {
  const metrics = await freePort();
  const settings = { ...STATIC, METRICS_PORT: String(metrics), ...environment };
  const resources = { memoryBytes: Number.POSITIVE_INFINITY, freeDescriptors: limit * 2 };
  const { service, lines, audited } = await startContainer(context, settings, { resources });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
  };
  return { port: service.port, lines, audited, metric };
}

async function open(port: number): Promise<RawConnection> {
  const connection = openConnection(port);
  await once(connection.socket, 'connect');
  return connection;
}

async function ask({ send, reply }: RawConnection, text = KNOWN): Promise<number> {
  send(text);
  return (await reply()).status;
}

const isOpen = ({ socket }: RawConnection) => !socket.destroyed && !socket.readableEnded;

test(
  'beyond the limit the stranger goes who has been there longest, and known callers stay',
  TIMEOUT,
  async (context) => {
    const { port, lines, metric } = await startSmall(context, 4);
    const known = await open(port);
    assert.equal(await ask(known), 200);
    const strangers = [await open(port), await open(port), await open(port)];
    // A refused one is no more known than a silent one.
    assert.equal(await ask(strangers[0] ?? known, KNOWN.replace(STATIC_TOKEN, 'bad')), 403);
    for (const [count, expected] of [
      [1, [false, true, true]],
      [2, [false, false, true]],
    ] as const) {
      const newcomer = await open(port);
      assert.equal(await ask(newcomer), 200, `newcomer ${count}`);
      await strangers[count - 1]?.rest();
      assert.deepEqual(strangers.map(isOpen), expected);
    }
    assert.equal(await ask(known), 200);
    assert.deepEqual(
      [await metric('gen_random_connections'), await metric('gen_random_connections_dropped_total')],
      [4, 2],
    );
    assert.deepEqual(
      lines.filter(({ message }) => message !== undefined).map(({ level, message, limit }) => [level, message, limit]),
      [['warn', 'connections are turned away', 4]],
    );
  },
);

test('one that waits for the answer to a whole request is not ended for another', TIMEOUT, async (context) => {
  const { origin, close } = await serveOnLoopback(createServer());
  context.after(close);
  const iam = { AUTH_METHODS: 'static,iam', IAM_URL: `${origin}/v3`, IAM_TIMEOUT_MS: '500' };
  const { port, metric } = await startSmall(context, 4, iam);
  const asking = await open(port);
  asking.send(KNOWN.replace(STATIC_TOKEN, 'to-be-judged'));
  const slowButKnown = await open(port);
  slowButKnown.send(KNOWN.slice(0, -1));
  const slow = await open(port);
  slow.send(KNOWN.replace(STATIC_TOKEN, 'to-be-judged-too').slice(0, -1));
  const silent = await open(port);
  for (const gone of [slow, silent]) {
    const newcomer = await open(port);
    assert.equal(await ask(newcomer), 200);
    assert.equal(await gone.rest(), '');
  }
  assert.equal((await asking.reply()).status, 504);
  slowButKnown.send('}');
  assert.equal((await slowButKnown.reply()).status, 200);
  assert.equal(await metric('gen_random_connections_dropped_total'), 2);
});

test('where all are known, the newcomer goes', TIMEOUT, async (context) => {
  const { port } = await startSmall(context, 2);
  const known = [await open(port), await open(port)];
  for (const connection of known) assert.equal(await ask(connection), 200);
  const newcomer = await open(port);
  assert.equal(await newcomer.rest(), '');
  for (const connection of known) assert.equal(await ask(connection), 200);
});

test('when there was room again, the next one that is turned away is a line again', TIMEOUT, async (context) => {
  const { port, lines, metric } = await startSmall(context, 2);
  for (let round = 0; round < 2; round += 1) {
    const all = [await open(port), await open(port), await open(port), await open(port)];
    while ((await metric('gen_random_connections_dropped_total')) < (round + 1) * 2) await turn();
    for (const { socket } of all) socket.destroy();
    while ((await metric('gen_random_connections')) > 0) await turn();
  }
  assert.equal(lines.filter(({ message }) => message === 'connections are turned away').length, 2);
});

test(
  'with the descriptors of 64 used up a known caller is served, the log and a metric say so',
  TIMEOUT,
  async (context) => {
    const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
    const [port, metrics] = [await freePort(), await freePort()];
    const settings = {
      HOST: '127.0.0.1',
      PORT: String(port),
      METRICS_PORT: String(metrics),
      AUTH_METHODS,
      STATIC_TOKENS,
    };
    const command = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, 'handlers/server.ts'];
    const child = spawn('sh', command, { cwd: FOLDER, env: settings, stdio: ['ignore', 'pipe', 'inherit'] });
    context.after(() => child.kill('SIGKILL'));
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    while (!log.includes('listening')) await once(child.stdout, 'data');
    const strangers = Array.from({ length: 200 }, () => openConnection(port));
    await Promise.all(strangers.map(({ socket }) => once(socket, 'connect')));
    assert.equal(await ask(await open(port)), 200);
    assert.match(log, /"level":"warn","message":"connections are turned away","limit":[0-9]+/);
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    assert(Number(/^gen_random_connections_dropped_total (.*)$/m.exec(text)?.[1]) > 100);
    for (const { socket } of strangers) socket.destroy();
    for (let count = 0; count < 100; count += 1) {
      const connection = await open(port);
      assert.equal(await ask(connection), 200);
      connection.socket.destroy();
    }
  },
);
