import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type RunningProcess, runServer } from '../../support/child-process.ts';
import { assertRefused } from '../../support/contract-reply.ts';
import { openConnection, type RawConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { goodRequest, TOKEN } from '../../support/test-server.ts';

const TIMEOUT = { timeout: 60_000 };
const REQUEST = goodRequest().replace(TOKEN, STATIC_TOKEN);
/** More than a container queues. */
const QUEUED_AT_MOST = 5 * 1024 * 1024;

interface RunningServer extends RunningProcess {
  readonly port: number;
  readonly connection: RawConnection;
}

async function startServer(context: TestContext, environment: Record<string, string> = {}): Promise<RunningServer> {
  const running = await runServer(context, { ...STATIC, ...environment });
  return { ...running, connection: openConnection(running.port) };
}

/** Draws in portions, until an answer is none or so many are given. @returns how many were 200 */
async function draw(connection: RawConnection, count: number): Promise<number> {
  let drawn = 0;
  while (drawn < count) {
    const portion = Math.min(100, count - drawn);
    connection.send(REQUEST.repeat(portion));
    const statuses = [];
    for (let index = 0; index < portion; index += 1) statuses.push((await connection.reply()).status);
    const good = statuses.filter((status) => status === 200).length;
    drawn += good;
    if (good < portion) return drawn;
  }
  return drawn;
}

const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const drawnIn = (stdout: string) => linesOf(stdout).filter(({ status }) => status === 200).length;

async function statusOf(port: number, path: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  await response.text();
  return response.status;
}

test(
  'SIGTERM while the reader of the log pauses: every answer has its whole line, and the exit code is 0',
  TIMEOUT,
  async (context) => {
    const { child, ended, output, connection } = await startServer(context);
    child.stdout?.pause();
    assert.equal(await draw(connection, 1_000), 1_000);
    child.kill('SIGTERM');
    let drawn = 1_000;
    for (let last: string | undefined; last !== 'close'; drawn += 1) {
      connection.send(REQUEST);
      last = (await connection.reply()).headers.connection;
    }
    // The connection ends, and the process waits for its reader.
    await connection.rest();
    child.stdout?.resume();
    assert.deepEqual([await ended, output.stderr], [0, '']);
    assert.equal(drawnIn(output.stdout), drawn);
  },
);

test('a reader who never comes back: exit code 1 and one sentence when the grace is over', TIMEOUT, async (context) => {
  const { child, ended, output, connection } = await startServer(context, { SHUTDOWN_GRACE_SECONDS: '1' });
  child.stdout?.pause();
  assert.equal(await draw(connection, 1_000), 1_000);
  connection.socket.destroy();
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  assert.equal(await exited, 1);
  child.stdout?.resume();
  await ended;
  assert.match(output.stderr, /^gen-random: standard output takes nothing; lines lost: [0-9]+\n$/);
});

test(
  'a log that nobody reads: no work beyond a bound, not ready, and all as before when it is read again',
  TIMEOUT,
  async (context) => {
    const { child, ended, output, port, connection } = await startServer(context);
    await draw(connection, 1_000);
    const residentBefore = residentMib(child.pid);
    child.stdout?.pause();
    const drawn = 1_000 + (await draw(connection, 100_000));
    assert(drawn < 90_000, 'there is no bound');
    assert.deepEqual([await statusOf(port, '/readyz'), await statusOf(port, '/healthz')], [503, 200]);
    connection.send(REQUEST);
    const refused = await connection.reply();
    assertRefused(refused, '429 APIGW.0308');
    assert.equal(refused.headers['retry-after'], '1');
    // What the parser refuses would have a line too.
    const garbage = openConnection(port);
    garbage.send('garbage\r\n\r\n');
    assertRefused(await garbage.reply(), '429 APIGW.0308');
    const grown = residentMib(child.pid) - residentBefore;
    context.diagnostic(`${drawn} drawn, ${Math.round(grown)} MiB more in memory`);
    assert(grown < 100, `${grown} MiB more`);

    child.stdout?.resume();
    while ((await statusOf(port, '/readyz')) !== 200);
    assert.equal(await draw(connection, 100), 100);
    connection.socket.destroy();
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.equal(drawnIn(output.stdout), drawn + 100);
    const summaries = linesOf(output.stdout).filter(({ refused }) => refused !== undefined);
    assert.equal(summaries.length, 1);
    assert.match(summaries[0].message, /refused while standard output stalled/);
    assert(summaries[0].refused >= 2);
    assert(Buffer.byteLength(output.stdout) < QUEUED_AT_MOST * 2);
    assert.doesNotMatch(output.stdout, /"status":429/);
  },
);

function residentMib(pid: number | undefined): number {
  return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
