import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { runHandler } from '../../support/child-process.ts';
import { deferred } from '../../support/deferred.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../../support/test-server.ts';

const TIMEOUT = { timeout: 30_000 };
const REQUEST = goodRequest().replace(TOKEN, STATIC_TOKEN);

async function startServer(context: TestContext, environment: Readonly<Record<string, string>> = {}) {
  const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
  const settings = { HOST: '127.0.0.1', PORT: '0', AUTH_METHODS, STATIC_TOKENS, ...environment };
  const running = runHandler(context, 'server.ts', settings);
  const [, port] = await running.written(/"message":"listening".*"port":([0-9]+)/);
  return { ...running, port: Number(port) };
}

/** Asks again and again, until it is told that an answer is the last. @returns how many requests were not answered */
async function askUntilTold(connection: RawConnection, onAnswer: () => void): Promise<number> {
  for (;;) {
    connection.send(REQUEST);
    try {
      const { status, headers } = await connection.reply();
      assert.equal(status, 200);
      onAnswer();
      if (headers.connection === 'close') return 0;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return 1;
    }
  }
}

for (const clients of [64, 256]) {
  test(
    `SIGTERM resets no request of ${clients} kept-alive clients, and the exit code is 0`,
    TIMEOUT,
    async (context) => {
      const { child, ended, output, port } = await startServer(context);
      const loaded = deferred();
      let answered = 0;
      const onAnswer = (): void => {
        answered += 1;
        if (answered === clients * 20) loaded.resolve();
      };
      const asking = Array.from({ length: clients }, () => askUntilTold(openConnection(port), onAnswer));
      await loaded.promise;
      child.kill('SIGTERM');
      const lost = (await Promise.all(asking)).reduce((sum, count) => sum + count);
      assert.equal(lost, 0, `${lost} requests were not answered`);
      assert.deepEqual([await ended, output.stderr], [0, '']);
      const lines = output.stdout.match(/"status":200/g)?.length;
      assert.equal(lines, answered, 'an answer without its line');
    },
  );
}

test('SIGTERM resets no request of 64 clients that make a connection for each', TIMEOUT, async (context) => {
  const { child, ended, port } = await startServer(context);
  const loaded = deferred();
  const outcomes = { answered: 0, refused: 0, lost: 0 };
  const ask = async (): Promise<void> => {
    while (outcomes.refused === 0) {
      outcomes[await askOnce(port)] += 1;
      if (outcomes.answered === 500) loaded.resolve();
    }
  };
  const asking = Array.from({ length: 64 }, ask);
  await loaded.promise;
  child.kill('SIGTERM');
  await Promise.all(asking);
  assert.equal(outcomes.lost, 0, JSON.stringify(outcomes));
  assert.equal(await ended, 0);
});

async function askOnce(port: number): Promise<'answered' | 'refused' | 'lost'> {
  const connection = openConnection(port);
  let code: string | undefined;
  connection.socket.once('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  connection.send(REQUEST.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  try {
    await connection.reply();
    return 'answered';
  } catch {
    return code === 'ECONNREFUSED' ? 'refused' : 'lost';
  }
}

test(
  'a client that asks within a second of the signal is answered, and told that it is the last time',
  TIMEOUT,
  async (context) => {
    const { child, ended, port } = await startServer(context);
    const connections = [openConnection(port), openConnection(port)];
    for (const connection of connections) {
      connection.send(REQUEST);
      assert.notEqual((await connection.reply()).headers.connection, 'close');
    }
    const [asking, silent] = connections;
    const silentEnded = once(silent?.socket ?? assert.fail(), 'close');
    child.kill('SIGTERM');
    await refusesConnections(port);
    asking?.send(REQUEST);
    const reply = await asking?.reply();
    assert.deepEqual([reply?.status, reply?.headers.connection], [200, 'close']);
    // It is ended, not reset.
    assert.deepEqual(await silentEnded, [false]);
    assert.equal(await ended, 0);
  },
);

test('of pipelined requests the last one is told so, and all are answered', TIMEOUT, async (context) => {
  const { child, ended, port } = await startServer(context);
  const connection = openConnection(port);
  connection.send(REQUEST);
  await connection.reply();
  child.kill('SIGTERM');
  await refusesConnections(port);
  connection.send(REQUEST.repeat(5));
  const told: boolean[] = [];
  for (let count = 0; count < 5; count += 1) told.push((await connection.reply()).headers.connection === 'close');
  assert.deepEqual(told, [false, false, false, false, true]);
  assert.equal(await ended, 0);
});

test('a connection in the middle of its headers is not taken for a silent one', TIMEOUT, async (context) => {
  const { child, ended, port } = await startServer(context);
  const connection = openConnection(port);
  await once(connection.socket, 'connect');
  const text = head(['Content-Length: 26']).replace(TOKEN, STATIC_TOKEN);
  connection.send(text.slice(0, 20));
  await refusesNothing(port);
  child.kill('SIGTERM');
  await refusesConnections(port);
  // A byte now and then, for longer than silence may last.
  for (const byte of text.slice(20, -2).match(/.{1,16}/gs) ?? []) {
    connection.send(byte);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  connection.send('\r\n{"random_data_length":"8"}');
  assert.equal((await connection.reply()).status, 200);
  assert.equal(await ended, 0);
});

/** Resolves once the port takes connections no more: the signal has arrived. */
async function refusesConnections(port: number): Promise<void> {
  while (await takes(port));
}

/** Once a later connection is answered, the earlier ones are known to the server. */
async function refusesNothing(port: number): Promise<void> {
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
}

async function takes(port: number): Promise<boolean> {
  const { socket } = openConnection(port);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}
