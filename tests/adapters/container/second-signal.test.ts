import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { runHandler } from '../../support/child-process.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';
import { head, TOKEN } from '../../support/test-server.ts';

const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;
const ENVIRONMENT = { HOST: '127.0.0.1', PORT: '0', SHUTDOWN_GRACE_SECONDS: '3600', AUTH_METHODS, STATIC_TOKENS };

for (const [first, second] of [
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGHUP', 'SIGQUIT'],
  ['SIGQUIT', 'SIGHUP'],
] as const) {
  test(`${second} while ${first} drains ends the container with 1`, { timeout: 10_000 }, async (context) => {
    const { child, ended, output, written } = runHandler(context, 'server.ts', ENVIRONMENT);
    const port = Number((await written(/"port":([0-9]+)/))[1]);
    // A body that is never finished keeps the drain waiting for its hour.
    const unfinished = openConnection(port);
    unfinished.send(head(['Content-Length: 100', 'Expect: 100-continue']).replace(TOKEN, STATIC_TOKEN));
    assert.equal((await unfinished.reply()).status, 100);
    const idle = openConnection(port);
    idle.send(head([], 'GET /healthz HTTP/1.1'));
    assert.equal((await idle.reply('GET')).status, 200);
    const drained = once(idle.socket, 'close');
    child.kill(first);
    // A silent connection is ended a second after the signal.
    await drained;
    assert.deepEqual([child.exitCode, child.signalCode], [null, null]);
    child.kill(second);
    assert.deepEqual([await ended, output.stderr], [1, '']);
    assert.match(output.stdout, new RegExp(`"message":"stopping","signal":"${first}"`));
  });
}
