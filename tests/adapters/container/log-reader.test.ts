import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runHandler } from '../../support/child-process.ts';
import { STATIC } from '../../support/started-service.ts';

/** Their audit lines are several times what a pipe holds. */
const [ROUNDS, AT_ONCE] = [75, 40];

test('a container whose log nobody reads goes on answering, and ends when it is told to', async (context) => {
  const { child, written, ended } = runHandler(context, 'server.ts', { HOST: '127.0.0.1', PORT: '0', ...STATIC });
  const [, port] = await written(/"message":"listening".*"port":([0-9]+)/);
  const origin = `http://127.0.0.1:${port}`;
  const statusOf = async (path: string): Promise<number> => {
    const response = await fetch(origin + path);
    await response.text();
    return response.status;
  };
  child.stdout?.pause();
  for (let round = 0; round < ROUNDS; round += 1) {
    const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => statusOf('/nothing-here')));
    assert.deepEqual(new Set(statuses), new Set([404]));
  }
  assert.equal(await statusOf('/healthz'), 200);
  child.kill('SIGTERM');
  child.stdout?.resume();
  assert.equal(await ended, 0);
});
