import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHttpServer } from '../../../lib/adapters/container/http-server.ts';
import { startMetricsServer } from '../../../lib/adapters/container/metrics-server.ts';
import { MAX_SCRAPERS } from '../../../lib/limits.ts';
import { openConnection } from '../../support/raw-connection.ts';

async function start(context: TestContext) {
  const server = await startMetricsServer(() => 'a 1\n', '127.0.0.1', 0);
  context.after(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { server, port };
}

test('a scraper has the times that a client of the door has', async (context) => {
  const { server } = await start(context);
  const door = createHttpServer();
  assert.deepEqual(
    [server.headersTimeout, server.requestTimeout, server.keepAliveTimeout],
    [door.headersTimeout, door.requestTimeout, door.keepAliveTimeout],
  );
});

test('beyond its number of connections a new one is closed, and there is room again when one goes', {
  timeout: 10_000,
}, async (context) => {
  const { server, port } = await start(context);
  const all = Array.from({ length: MAX_SCRAPERS }, () => openConnection(port));
  await Promise.all(all.map(({ socket }) => once(socket, 'connect')));
  const dropped = once(server, 'drop');
  const late = openConnection(port);
  await dropped;
  assert.equal(await late.rest(), '');
  const [first] = all;
  first?.send('GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  assert.match(await (first?.rest() ?? ''), /^HTTP\/1\.1 200 /);
  assert.equal((await fetch(`http://127.0.0.1:${port}/metrics`)).status, 200);
});
