import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer } from 'node:tls';
import type { Certificate } from './certificate.ts';

/** Ends TLS on loopback and hands the bytes on to a plain server there. @returns its port */
export async function startTlsFront(context: TestContext, { key, cert }: Certificate, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (socket) => {
    const plain = connect(port, '127.0.0.1');
    for (const one of [socket, plain]) {
      sockets.add(one);
      one.on('error', () => one.destroy());
    }
    socket.pipe(plain).pipe(socket);
    socket.once('close', () => plain.destroy());
    plain.once('close', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}
