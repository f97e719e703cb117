import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createSend, type OutboundRequest } from '../../lib/outbound/send.ts';

/** What a request takes of an answer. */
export const MAX_BYTES = 256 * 1024;

export interface RawAnswers {
  readonly url: URL;
  /** A request of it, with time for everything. */
  readonly request: OutboundRequest;
  /** Every connection that was made, in order. */
  readonly sockets: readonly Socket[];
  /** What was received on all of them. */
  readonly received: () => string;
  /** Resolves once all connections are closed. */
  allClosed(): Promise<unknown>;
}

/**
 * A TCP server on 127.0.0.1 that answers from a script and understands no HTTP.
 *
 * @param answer called once for every request head that has arrived; `request` counts from 0 over all connections
 */
export async function startRawAnswers(
  context: TestContext,
  answer: (socket: Socket, request: number) => void,
): Promise<RawAnswers> {
  const sockets: Socket[] = [];
  const closed: Promise<void>[] = [];
  let received = '';
  let requests = 0;
  const server = createServer((socket) => {
    sockets.push(socket);
    closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
    socket.on('error', () => undefined);
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      for (let heads = text.split('\r\n\r\n').length - 1; heads > 0; heads -= 1) {
        answer(socket, requests);
        requests += 1;
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/v3/auth/tokens?nocatalog=1`);
  return {
    url,
    request: {
      method: 'GET',
      url,
      headers: { 'X-Auth-Token': 't' },
      isRepeatable: true,
      timeoutMs: 30_000,
      maxAnswerBytes: MAX_BYTES,
    },
    sockets,
    received: () => received,
    allClosed: () => Promise.all(closed),
  };
}

/** Sends one request, changed so, to a server that answers so. */
export async function sendTo(
  context: TestContext,
  answer: (socket: Socket, request: number) => void,
  changes: Partial<OutboundRequest> = {},
) {
  const server = await startRawAnswers(context, answer);
  return { server, outcome: await createSend()({ ...server.request, ...changes }) };
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
