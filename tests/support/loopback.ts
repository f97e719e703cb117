import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  readonly port: number;
  readonly origin: string;
  close(): void;
}

/** Serves on a free port of 127.0.0.1. A test that fails before it closes the server ends all the same. */
export async function serveOnLoopback(server: Server): Promise<Loopback> {
  server.unref();
  server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A server of one listener, with room for two tokens of full length. */
export function plainServer(listener?: RequestListener): Server {
  return createServer({ maxHeaderSize: 128 * 1024 }, listener);
}
