import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

/** Serves on a free port of the loopback until the test ends. @returns host and port */
export async function serveOnLoopback(
  t: TestContext,
  makeListener: (host: string) => RequestListener,
): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(t, () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  const host = `127.0.0.1:${address.port}`;
  server.on('request', makeListener(host));
  return host;
}
