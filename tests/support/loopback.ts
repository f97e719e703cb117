import { createServer, type RequestListener, type Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A test's context, or `node:test` itself for a whole file: what is registered here runs when it is over. */
export interface Scope {
  after(end: () => void): void;
}

export interface Loopback {
  readonly port: number;
  readonly origin: string;
  close(): void;
}

/** Serves on a free port of 127.0.0.1 until the scope is over. */
export async function serveOnLoopback(server: Server | TlsServer, scope?: Scope): Promise<Loopback> {
  server.unref();
  server.on('connection', (socket) => socket.unref());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  scope?.after(close);
  return { port, origin: `http://127.0.0.1:${port}`, close };
}

/** A server of one listener, with room for two tokens of full length. */
export function plainServer(listener?: RequestListener): Server {
  return createServer({ maxHeaderSize: 128 * 1024 }, listener);
}
