import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { runServer } from '../../support/child-process.ts';
import { deferred } from '../../support/deferred.ts';
import { freePort } from '../../support/free-port.ts';
import { startHeldIam } from '../../support/held-iam.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../../support/test-server.ts';

/** A container with so many requests that wait for IAM. */
async function startWaiting(context: TestContext, count: number, environment: Readonly<Record<string, string>>) {
  const iam = await startHeldIam(context);
  const server = await runServer(context, { ...iam.environment, ...environment });
  const connections = Array.from({ length: count }, (_, index) => {
    const connection = openConnection(server.port);
    connection.send(goodRequest().replace(TOKEN, `token-${index}`));
    return connection;
  });
  await iam.asked(count);
  return { ...server, iam, connections };
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

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the container with 0, an idle connection notwithstanding`, async (context) => {
    const { child, ended, port, output } = await runServer(context, STATIC);
    const idle = openConnection(port);
    idle.send(head([], 'GET /healthz HTTP/1.1'));
    assert.equal((await idle.reply('GET')).status, 200);
    child.kill(signal);
    assert.equal(await ended, 0);
    assert.equal(output.stderr, '');
  });
}

for (const [first, second] of [
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGHUP', 'SIGQUIT'],
  ['SIGQUIT', 'SIGHUP'],
] as const) {
  test(`${second} while ${first} drains ends the container at once, with 1`, async (context) => {
    const { child, ended, port, output } = await startWaiting(context, 1, { SHUTDOWN_GRACE_SECONDS: '3600' });
    child.kill(first);
    await refusesConnections(port);
    assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
    child.kill(second);
    assert.deepEqual([await ended, output.stderr], [1, '']);
    assert.match(output.stdout, new RegExp(`"message":"stopping","signal":"${first}"`));
  });
}

test('SIGTERM with 50 requests at a slow IAM: 50 times 200, told to close, then exit 0; metrics are there till then', async (context) => {
  const metrics = await freePort();
  const { child, ended, output, port, iam, connections } = await startWaiting(context, 50, {
    METRICS_PORT: String(metrics),
  });
  child.kill('SIGTERM');
  await refusesConnections(port);
  assert.equal(child.exitCode, null);
  const exposed = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  assert.match(exposed, /^gen_random_in_flight 50$/m);
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

test('after SHUTDOWN_GRACE_SECONDS what is still open is cut, whatever it waits for, and the exit code is 0', async (context) => {
  const { child, ended, port, connections } = await startWaiting(context, 3, { SHUTDOWN_GRACE_SECONDS: '1' });
  for (const text of ['', 'POST / HTTP/1.1\r\nHost: kms', `${head(['Content-Length: 100'])}{"random`]) {
    const unfinished = openConnection(port);
    await once(unfinished.socket, 'connect');
    unfinished.send(text);
  }
  // The server takes connections in their order: once this one is answered, the others are known.
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  const startedAtMs = performance.now();
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  assert(performance.now() - startedAtMs >= 950, 'the grace was not kept');
  for (const connection of connections) assert.equal(await connection.rest(), '');
});

test('under load on 100 kept connections no answer that has begun is cut by SIGTERM', async (context) => {
  const { child, ended, port, output } = await runServer(context, STATIC);
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
  assert.deepEqual(await Promise.all(asking), Array(100).fill(''));
  assert.equal(await ended, 0);
  const written = output.stdout.match(/"status":200/g)?.length ?? 0;
  context.diagnostic(`${answered} answered, ${written} drawn`);
  assert(answered >= 2_000 && answered <= written);
});
