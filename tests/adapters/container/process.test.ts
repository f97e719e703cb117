import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type RunningProcess, runHandler } from '../../support/child-process.ts';
import { deferred } from '../../support/deferred.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { goodRequest, head, PROJECT_ID } from '../../support/test-server.ts';

const ENVIRONMENT = { IAM_URL: 'http://127.0.0.1:9/v3', HOST: '127.0.0.1', PORT: '0' };

interface RunningServer extends RunningProcess {
  readonly port: number;
}

async function startServer(context: TestContext, environment: Record<string, string> = {}): Promise<RunningServer> {
  const running = runHandler(context, 'server.ts', { ...ENVIRONMENT, ...environment });
  const [, port] = await running.written(/"message":"listening".*"port":([0-9]+)/);
  return { ...running, port: Number(port) };
}

test('the container is ready, healthy and says where it listens', async (context) => {
  const startedAtMs = performance.now();
  const { port, output } = await startServer(context);
  const response = await fetch(`http://127.0.0.1:${port}/healthz`);
  context.diagnostic(`ready and healthy after ${Math.round(performance.now() - startedAtMs)} ms`);
  assert.deepEqual([response.status, await response.text()], [200, '{"status":"ok"}']);
  const line = JSON.parse(output.stdout);
  assert.deepEqual([line.level, line.message, line.host, line.port], ['info', 'listening', '127.0.0.1', port]);
  assert.equal(output.stderr, '');
});

const HEALTH = [
  { method: 'GET', path: '/healthz', status: 200 },
  { method: 'HEAD', path: '/healthz', status: 200 },
  { method: 'POST', path: '/healthz', status: 404 },
  { method: 'GET', path: '/healthz/', status: 200 },
  { method: 'GET', path: '/healthz//', status: 404 },
  { method: 'GET', path: '/', status: 404 },
];
test('only GET and HEAD of /healthz ask for the health', async (context) => {
  const { port } = await startServer(context);
  for (const { method, path, status } of HEALTH) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    assert.equal(response.status, status, `${method} ${path}`);
    await response.arrayBuffer();
  }
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the container with 0, an idle connection notwithstanding`, async (context) => {
    const { child, ended, port, output } = await startServer(context);
    const idle = openConnection(port);
    idle.send(head([], 'GET /healthz HTTP/1.1').replace(/X-Auth-Token.*\r\n/, ''));
    // Chunked or not, the first byte of the answer shows that the connection is in use.
    await once(idle.socket, 'data');
    child.kill(signal);
    assert.equal(await ended, 0);
    assert.equal(output.stderr, '');
  });
}

/** An IAM that answers when it is told to. */
async function startHeldIam(context: TestContext) {
  const asked = deferred<ServerResponse>();
  const server = createServer((_request, response) => asked.resolve(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { iamUrl: `http://127.0.0.1:${port}/v3`, asked: asked.promise };
}

test('SIGTERM lets an accepted request finish and then ends its connection', { timeout: 4_000 }, async (context) => {
  const iam = await startHeldIam(context);
  const { child, ended, port } = await startServer(context, { IAM_URL: iam.iamUrl, IAM_TIMEOUT_MS: '60000' });
  const connection = openConnection(port);
  connection.send(goodRequest());
  const answer = await iam.asked;
  child.kill('SIGTERM');
  // The port is closed once the signal has arrived.
  let isOpen = true;
  while (isOpen) isOpen = await accepts(port);
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
  answer.end(JSON.stringify({ token }));
  const reply = await connection.reply();
  assert.match(reply.body, /^\{"random_data":"[0-9A-F]{2}"\}$/);
  assert.equal(await ended, 0);
});

async function accepts(port: number): Promise<boolean> {
  const { socket } = openConnection(port);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

const UNFINISHED = [
  { name: 'a connection on which nothing was sent', text: '' },
  { name: 'headers that were never finished', text: 'POST / HTTP/1.1\r\nHost: kms' },
  { name: 'a body that was never finished', text: `${head(['Content-Length: 100'])}{"random` },
];
for (const { name, text } of UNFINISHED) {
  test(`SIGTERM ends the container in spite of ${name}`, { timeout: 4_000 }, async (context) => {
    const { child, ended, port } = await startServer(context, { SHUTDOWN_GRACE_SECONDS: '1' });
    const connection = openConnection(port);
    await once(connection.socket, 'connect');
    connection.send(text);
    // The server takes connections in their order: once the second is answered, the first is known.
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
  });
}

test('a taken port is one line on standard error and exit code 1', async (context) => {
  const { port } = await startServer(context);
  const second = runHandler(context, 'server.ts', { ...ENVIRONMENT, PORT: String(port) });
  assert.equal(await second.ended, 1);
  assert.deepEqual(second.output, {
    stdout: '',
    stderr: `gen-random: port ${port} on 127.0.0.1 is taken; set PORT to a free one\n`,
  });
});

test('a host that is not this machine is one line on standard error and exit code 1', async (context) => {
  const { ended, output } = runHandler(context, 'server.ts', { ...ENVIRONMENT, HOST: '192.0.2.1', PORT: '18000' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: cannot listen on 192\.0\.2\.1, port 18000 \(E[A-Z]+\)\n$/);
});

test('a wrong configuration names every problem on a line of its own, and no value, and exit code 1', async (context) => {
  const wrong = {
    IAM_URL: 'ftp://secret.test/v3',
    IAM_TIMEOUT_MS: 'secret',
    TOKEN_CACHE_TTL_SECONDS: '301',
    ENTROPY_SOURCES: 'secret',
    LOG_LEVEL: 'secret',
    PORT: '65536',
  };
  const { ended, output } = runHandler(context, 'server.ts', wrong);
  assert.equal(await ended, 1);
  const lines = Object.keys(wrong).length;
  assert.match(output.stderr, new RegExp(`^gen-random: configuration:\\n(?: {2}[A-Z_]+ [^\\n]+\\n){${lines}}$`));
  for (const name of Object.keys(wrong)) assert.match(output.stderr, new RegExp(`\\b${name}\\b`));
  assert.doesNotMatch(output.stderr, /secret|301|65536/);
  assert.equal(output.stdout, '');
});

test('a container without an IAM_URL does not start', async (context) => {
  const { ended, output } = runHandler(context, 'server.ts', { HOST: '127.0.0.1', PORT: '0' });
  assert.equal(await ended, 1);
  assert.match(output.stderr, /^gen-random: configuration:\n {2}IAM_URL is missing[^\n]*\n$/);
});
