import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A request whose headers are in, until its body is in and its response is done. */
export interface Pending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What is open on one server: which connections there are, and what is being answered on each. */
export class Connections {
  readonly #open = new Map<Duplex, Set<Pending>>();
  readonly #closing = new WeakSet<Duplex>();
  #isDraining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Duplex) => {
      this.#open.set(socket, new Set());
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** @returns false for what stands behind a request that ended its connection: nothing of it is answered */
  begin(pending: Pending): boolean {
    const { socket } = pending.request;
    if (this.#closing.has(socket)) return false;
    const all = this.#open.get(socket);
    all?.add(pending);
    // One that is answered before its body is in stays known, so that nothing else is written behind the answer.
    pending.response.on('close', () => {
      if (pending.request.complete) all?.delete(pending);
      else pending.request.once('close', () => all?.delete(pending));
    });
    if (this.#isDraining) this.close(pending);
    return true;
  }

  /** Makes a response the last one of its connection. */
  close({ request, response }: Pending): void {
    this.#closing.add(request.socket);
    if (!response.headersSent) response.setHeader('Connection', 'close');
  }

  pendingOn(socket: Duplex): readonly Pending[] {
    return [...(this.#open.get(socket) ?? [])];
  }

  /** Ends connections on which nothing is asked and tells the others that their answer is the last. Idempotent. */
  drain(): void {
    this.#isDraining = true;
    for (const [socket, all] of this.#open) {
      if ([...all].every(({ response }) => response.writableFinished)) socket.destroy();
      for (const pending of all) this.close(pending);
    }
  }
}
