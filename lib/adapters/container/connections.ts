import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request whose headers are in, until its body is in and its response is done. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is open on one server: which connections there are, and what is being answered on each. */
export class Connections {
  readonly #open = new Map<Duplex, Set<Exchange>>();
  readonly #closing = new WeakSet<Duplex>();
  #isDraining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Duplex) => {
      this.#open.set(socket, new Set());
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** @returns false for what stands behind a request that ended its connection: nothing of it is answered */
  begin(exchange: Exchange): boolean {
    const { socket } = exchange.request;
    if (this.#closing.has(socket)) return false;
    const exchanges = this.#open.get(socket);
    exchanges?.add(exchange);
    // One that is answered before its body is in stays known, so that nothing else is written behind the answer.
    exchange.response.on('close', () => {
      if (exchange.request.complete) exchanges?.delete(exchange);
      else exchange.request.once('close', () => exchanges?.delete(exchange));
    });
    if (this.#isDraining) this.close(exchange);
    return true;
  }

  /** Makes a response the last one of its connection. */
  close({ request, response }: Exchange): void {
    this.#closing.add(request.socket);
    if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  exchangesOn(socket: Duplex): readonly Exchange[] {
    return [...(this.#open.get(socket) ?? [])];
  }

  /** Ends connections on which nothing is asked and tells the others that their answer is the last. Idempotent. */
  drain(): void {
    this.#isDraining = true;
    for (const [socket, exchanges] of this.#open) {
      if ([...exchanges].every(({ response }) => response.writableFinished)) socket.destroy();
      for (const exchange of exchanges) this.close(exchange);
    }
  }
}
