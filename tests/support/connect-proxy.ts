import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export interface ConnectProxyOptions {
  /** Where a target leads, by `host:port`. Everything else is 502. */
  readonly routes?: Readonly<Record<string, number>>;
  /** User and password that it asks for, as in a URL: `user:password`. */
  readonly credentials?: string;
  /** Says nothing to anybody. */
  readonly isSilent?: boolean;
}

export interface ConnectProxy {
  readonly port: number;
  /** What was asked of it, in order: `CONNECT host:port`, or method and URL of a request that it did not tunnel. */
  readonly asked: readonly string[];
  /** Connections to it that are open. */
  readonly open: () => number;
}

/** An HTTP proxy on loopback: CONNECT (RFC 9110 §9.3.6), with Basic credentials where they are wanted. */
export async function startConnectProxy(
  context: TestContext,
  options: ConnectProxyOptions = {},
): Promise<ConnectProxy> {
  const { routes = {}, credentials, isSilent = false } = options;
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    // Node leaves the half of a tunnel open.
    socket.on('end', () => socket.end());
    asked.push(`CONNECT ${request.url}`);
    if (isSilent) return;
    const port = routes[request.url ?? ''];
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="a"\r\n\r\n');
    } else if (port === undefined) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    } else {
      tunnel(socket, port);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, asked, open: () => sockets.size };
}

function tunnel(socket: Socket, port: number): void {
  const upstream = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.once('close', () => upstream.destroy());
}
