import { createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { OK } from './raw-answers.ts';

// A server in a thread of its own. Told to, it closes every connection and then sets the shared flag.
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined).on('data', () => socket.write(OK));
  socket.on('close', () => sockets.delete(socket));
});
server.listen(0, '127.0.0.1', () => parentPort?.postMessage(server.address()));
parentPort?.on('message', (flag: Int32Array) => {
  // The newest first: it is the one that a client takes first.
  const newestFirst = [...sockets].reverse();
  const closed = newestFirst.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of newestFirst) socket.destroy();
  void Promise.all(closed).then(() => {
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
});
