import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type RunningProcess, runHandler } from '../../support/child-process.ts';
import { deferred } from '../../support/deferred.ts';
import { freePort } from '../../support/free-port.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { goodRequest, PROJECT_ID, TOKEN } from '../../support/test-server.ts';

interface RunningServer extends RunningProcess {
  readonly port: number;
}

async function startServer(
  context: TestContext,
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const running = runHandler(context, 'server.ts', { HOST: '127.0.0.1', PORT: '0', ...environment });
  const [, port] = await running.written(/"message":"listening".*"port":([0-9]+)/);
  return { ...running, port: Number(port) };
}

/** An IAM that keeps its questions; `all` resolves when so many have come. */
async function startSlowIam(context: TestContext, count: number) {
  const held: ServerResponse[] = [];
  const all = deferred();
  const server = createServer((_, response) => {
    if (held.push(response) === count) all.resolve();
  });
  const { origin, close } = await serveOnLoopback(server);
  context.after(close);
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
  const answerAll = () => held.forEach((response) => void response.end(JSON.stringify({ token })));
  return { environment: { IAM_URL: `${origin}/v3`, IAM_TIMEOUT_MS: '60000' }, all: all.promise, answerAll };
}

function sendWithTokens(port: number, count: number): RawConnection[] {
  return Array.from({ length: count }, (_, index) => {
    const connection = openConnection(port);
    connection.send(goodRequest().replace(TOKEN, `token-${index}`));
    return connection;
  });
}

/** Resolves once the port refuses connections: the signal has arrived. */
async function refusesConnections(port: number): Promise<void> {
  for (let isOpen = true; isOpen; ) {
    const { socket } = openConnection(port);
    isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
    });
    socket.destroy();
  }
}

test('SIGTERM with 50 requests at a slow IAM: 50 times 200, told to close, then exit 0', {
  timeout: 10_000,
}, async (context) => {
  const iam = await startSlowIam(context, 50);
  const { child, ended, output, port } = await startServer(context, iam.environment);
  const connections = sendWithTokens(port, 50);
  await iam.all;
  child.kill('SIGTERM');
  await refusesConnections(port);
  assert.equal(child.exitCode, null);
  iam.answerAll();
  for (const connection of connections) {
    const { status, headers } = await connection.reply();
    assert.deepEqual([status, headers.connection], [200, 'close']);
    assert.equal(await connection.rest(), '');
  }
  assert.equal(await ended, 0);
  assert.equal(output.stdout.match(/"status":200/g)?.length, 50);
  assert.equal(output.stderr, '');
});

test('after SHUTDOWN_GRACE_SECONDS what is still open is cut, and the exit code is 0', {
  timeout: 10_000,
}, async (context) => {
  const iam = await startSlowIam(context, 3);
  const { child, ended, port } = await startServer(context, { ...iam.environment, SHUTDOWN_GRACE_SECONDS: '1' });
  const connections = sendWithTokens(port, 3);
  await iam.all;
  const startedAtMs = performance.now();
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert(performance.now() - startedAtMs >= 950, 'the grace was not kept');
  for (const connection of connections) assert.equal(await connection.rest(), '');
});

test('under load on 100 kept connections no answer that has begun is cut by SIGTERM', {
  timeout: 10_000,
}, async (context) => {
  const { STATIC_TOKENS = '', AUTH_METHODS = '' } = STATIC;
  const { child, ended, port, output } = await startServer(context, { AUTH_METHODS, STATIC_TOKENS });
  const request = goodRequest().replace(TOKEN, STATIC_TOKEN);
  const loaded = deferred();
  let answered = 0;
  /** Asks until the server closes the connection. @returns what came after the last whole answer */
  const askOn = async (connection: RawConnection): Promise<string> => {
    for (;;) {
      connection.send(request);
      try {
        assert.equal((await connection.reply()).status, 200);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        return connection.rest();
      }
      answered += 1;
      if (answered === 2_000) loaded.resolve();
    }
  };
  const asking = Array.from({ length: 100 }, () => askOn(openConnection(port)));
  await loaded.promise;
  child.kill('SIGTERM');
  assert.deepEqual(
    await Promise.all(asking),
    Array.from({ length: 100 }, () => ''),
  );
  assert.equal(await ended, 0);
  const written = output.stdout.match(/"status":200/g)?.length ?? 0;
  context.diagnostic(`${answered} answered, ${written} drawn`);
  assert(answered >= 2_000 && answered <= written);
});

test('a metrics port does not keep a container alive whose own port is taken', { timeout: 10_000 }, async (context) => {
  const { STATIC_TOKENS = '', AUTH_METHODS = '' } = STATIC;
  const { port } = await startServer(context, { AUTH_METHODS, STATIC_TOKENS });
  const metrics = String(await freePort());
  const settings = { HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: metrics, AUTH_METHODS, STATIC_TOKENS };
  const { ended, output } = runHandler(context, 'server.ts', settings);
  assert.equal(await ended, 1);
  assert.match(output.stderr, new RegExp(`^gen-random: port ${port} on 127\\.0\\.0\\.1 is taken`));
});

test('a metrics port that is taken is named, and the container ends', { timeout: 10_000 }, async (context) => {
  const { STATIC_TOKENS = '', AUTH_METHODS = '' } = STATIC;
  const { port } = await startServer(context, { AUTH_METHODS, STATIC_TOKENS });
  const settings = { HOST: '127.0.0.1', PORT: '0', METRICS_PORT: String(port), AUTH_METHODS, STATIC_TOKENS };
  const { ended, output } = runHandler(context, 'server.ts', settings);
  assert.equal(await ended, 1);
  assert.match(output.stderr, new RegExp(`^gen-random: port ${port} on 127\\.0\\.0\\.1 is taken; set METRICS_PORT`));
});

test('a second signal ends the container at once, with 1', { timeout: 10_000 }, async (context) => {
  const iam = await startSlowIam(context, 1);
  const { child, ended, port } = await startServer(context, { ...iam.environment, SHUTDOWN_GRACE_SECONDS: '60' });
  sendWithTokens(port, 1);
  await iam.all;
  child.kill('SIGTERM');
  await refusesConnections(port);
  child.kill('SIGINT');
  assert.equal(await ended, 1);
});

test('metrics are there until the last answer is given', { timeout: 10_000 }, async (context) => {
  const metrics = await freePort();
  const iam = await startSlowIam(context, 1);
  const { child, ended, port } = await startServer(context, { ...iam.environment, METRICS_PORT: String(metrics) });
  const [connection] = sendWithTokens(port, 1);
  await iam.all;
  child.kill('SIGTERM');
  await refusesConnections(port);
  const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  assert.match(text, /^gen_random_in_flight 1$/m);
  iam.answerAll();
  assert.equal((await connection?.reply())?.status, 200);
  assert.equal(await ended, 0);
});
