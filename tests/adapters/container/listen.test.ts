import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { runHandler } from '../../support/child-process.ts';
import { freePort } from '../../support/free-port.ts';
import { STATIC } from '../../support/started-service.ts';

const addresses = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
const skip = addresses.includes('::1') ? false : 'this machine has no IPv6';
const { AUTH_METHODS = '', STATIC_TOKENS = '' } = STATIC;

for (const [host, asked, options] of [
  ['127.0.0.1', '127.0.0.1', {}],
  ['0.0.0.0', '127.0.0.1', {}],
  ['localhost', 'localhost', {}],
  ['::1', '[::1]', { skip }],
  ['[::1]', '[::1]', { skip }],
  ['::', '[::1]', { skip }],
  ['[::]', '[::1]', { skip }],
] as const) {
  test(`HOST=${host}: the door and the metrics listen there`, { timeout: 10_000, ...options }, async (context) => {
    const metrics = await freePort();
    const environment = { HOST: host, PORT: '0', METRICS_PORT: String(metrics), AUTH_METHODS, STATIC_TOKENS };
    const { child, written, ended, output } = runHandler(context, 'server.ts', environment);
    const port = (await written(/"message":"listening".*"port":([0-9]+)/))[1];
    assert.equal((await fetch(`http://${asked}:${port}/healthz`)).status, 200);
    assert.equal((await fetch(`http://${asked}:${metrics}/metrics`)).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual([await ended, output.stderr], [0, '']);
  });
}

test('HOST=[::1] is loopback for the local run too', { timeout: 10_000, skip }, async (context) => {
  const { child, written, ended } = runHandler(context, 'local.ts', { HOST: '[::1]', PORT: '0' });
  const [, url] = await written(/on (http:\/\/\[::1\]:[0-9]+),.*Ctrl-C/s);
  assert.equal((await fetch(`${url}/v3`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
});
