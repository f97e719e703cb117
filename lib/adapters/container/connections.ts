import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { withDeadline } from '../../deadline.ts';
import { SILENCE_MS, TAKE_WAITING_MS } from '../../limits.ts';
import { Connection } from './connection.ts';

export interface ConnectionsOptions {
  /** How many may be open at once. */
  readonly limit: number;
  /**
   * Told of every one that is ended to keep to the limit.
   *
   * @param isFirst whether it is the first since there was room
   */
  readonly onTurnedAway: (isFirst: boolean) => void;
}

/** What is open on one server. */
export class Connections {
  /** Requests that wait while connections are taken; undefined: none has to. */
  held: (() => void)[] | undefined;
  readonly #open = new Map<Socket, Connection>();
  /** Those that may be ended for another one, longest open first. */
  readonly #strangers = new Set<Connection>();
  readonly #options: ConnectionsOptions;
  #accepted = 0;
  #isFull = false;
  #isDraining = false;

  constructor(server: Server, options: ConnectionsOptions) {
    this.#options = options;
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  count(): number {
    return this.#open.size;
  }

  of(socket: Socket): Connection | undefined {
    return this.#open.get(socket);
  }

  /** @returns the request's connection; undefined if nothing of it is answered */
  begin(request: IncomingMessage, response: ServerResponse): Connection | undefined {
    const connection = this.#open.get(request.socket);
    if (!connection?.begin(response)) return undefined;
    if (this.#isDraining) connection.closeAfterNewest();
    return connection;
  }

  /**
   * Takes the connections that the system has accepted: with the listener they would be reset. Node takes one a turn,
   * so nothing is answered meanwhile, or clients would come back with new ones.
   */
  async takeWaiting(): Promise<void> {
    this.held = [];
    await withDeadline(this.#nobodyComes(), TAKE_WAITING_MS, () => undefined);
    const held = this.held;
    this.held = undefined;
    for (const work of held) work();
  }

  /** Of the first turn the part in which connections are taken may be over. */
  async #nobodyComes(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 3; quietTurns += 1) {
      const before = this.#accepted;
      await turn();
      if (this.#accepted !== before) quietTurns = 0;
    }
  }

  /** Lets every connection have one response more, the last, and ends those on which nothing is asked for a second. */
  drain(): void {
    this.#isDraining = true;
    for (const connection of this.#open.values()) {
      connection.closeAfterNewest();
      connection.isSilent();
    }
    const timer = setInterval(() => {
      if (this.#open.size === 0) clearInterval(timer);
      for (const connection of this.#open.values()) if (connection.isSilent()) connection.end();
    }, SILENCE_MS);
    timer.unref();
  }

  /** Ends all connections at once, whatever is owed to them. @returns how many there were */
  cut(): number {
    for (const socket of this.#open.keys()) socket.destroy();
    return this.#open.size;
  }

  #add(socket: Socket): void {
    const connection = new Connection(socket);
    this.#accepted += 1;
    this.#open.set(socket, connection);
    this.#strangers.add(connection);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#strangers.delete(connection);
      if (this.#open.size < this.#options.limit / 2) this.#isFull = false;
    });
    if (this.#open.size <= this.#options.limit) return;
    this.#options.onTurnedAway(!this.#isFull);
    this.#isFull = true;
    this.#longestWithoutCredential()?.socket.destroy();
  }

  /** Not one that waits for our answer: it may have a credential, which is being judged. */
  #longestWithoutCredential(): Connection | undefined {
    for (const connection of this.#strangers) {
      if (connection.isKnown) this.#strangers.delete(connection);
      else if (!connection.isAtWork()) return connection;
    }
    return undefined;
  }
}
