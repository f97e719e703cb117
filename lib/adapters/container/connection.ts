import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LINGER_MS, MAX_DISCARDED_BYTES, REQUEST_TIMEOUT_MS } from '../../limits.ts';

/** One connection: what is asked on it, what is owed to it, and its end. */
export class Connection {
  readonly socket: Socket;
  /** Whether a request of it has carried a credential that was accepted. */
  isKnown = false;
  /** Responses that are not out, to requests whose headers are in. */
  #owed = 0;
  /** The response to the newest request; undefined once it is out and the request is complete. */
  #newest: ServerResponse | undefined;
  #closing: ServerResponse | undefined;
  #isRefused = false;
  #isEnding = false;
  #isReadAway = false;
  #afterAnswers: (() => void) | undefined;
  #bytesAtLastLook = -1;
  readonly #onAnswered: () => void;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#onAnswered = () => {
      this.#owed -= 1;
      this.#bytesAtLastLook = -1;
      if (this.#owed > 0) return;
      if (this.#newest?.req.complete) this.#newest = undefined;
      this.#runAfterAnswers();
    };
    // Node would close at once after a last response, and what the client is still sending would reset it (RFC 9112
    // §9.6).
    socket.destroySoon = () => this.end();
    socket.once('close', () => this.#runAfterAnswers());
  }

  /** @returns false for what stands behind a last response or a refusal: nothing of it is answered */
  begin(response: ServerResponse): boolean {
    if (this.#isEnding || this.#isRefused || this.#closing?.headersSent) {
      this.#readAway();
      return false;
    }
    // Another one has come before the last response was given.
    this.#closing?.removeHeader('Connection');
    this.#closing = undefined;
    this.#newest = response;
    this.#owed += 1;
    response.on('close', this.#onAnswered);
    return true;
  }

  /** Makes the newest request's response the last one, unless it has begun. */
  closeAfterNewest(): void {
    if (this.#newest === undefined || this.#newest.headersSent) return;
    this.#newest.setHeader('Connection', 'close');
    this.#closing = this.#newest;
  }

  /** The response to the newest request while the body of that is on the way. */
  incomplete(): ServerResponse | undefined {
    return this.#newest?.req.complete === false ? this.#newest : undefined;
  }

  /** Whether a client waits for the answer to a request of which nothing is missing. */
  isAtWork(): boolean {
    return this.#owed > 1 || (this.#owed === 1 && this.incomplete() === undefined);
  }

  /** Whether nothing was owed and nothing came since this was asked the last time. */
  isSilent(): boolean {
    const before = this.#bytesAtLastLook;
    this.#bytesAtLastLook = this.socket.bytesRead;
    return this.#owed === 0 && this.#bytesAtLastLook === before;
  }

  /** Takes no further request. @returns false if it was so already */
  refuseRest(): boolean {
    if (this.#isEnding || this.#isRefused) return false;
    this.#isRefused = true;
    return true;
  }

  /** Runs `action` once all responses are out, or the connection is gone. */
  afterAnswers(action: () => void): void {
    this.#afterAnswers = action;
    if (this.#owed === 0) this.#runAfterAnswers();
  }

  /**
   * Ends our side, behind `text`, and reads away what comes until the client has ended theirs: for a second of silence
   * and
   * `REQUEST_TIMEOUT_MS` in all.
   */
  end(text = ''): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { socket } = this;
    socket.end(text);
    const cut = (): void => void socket.destroy();
    const timer = setTimeout(cut, REQUEST_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
    socket.setTimeout(LINGER_MS, cut);
    this.#readAway();
  }

  /** Keeps what comes from the parser, which would make requests of it. */
  #readAway(): void {
    if (this.#isReadAway) return;
    this.#isReadAway = true;
    const { socket } = this;
    const allowedBytes = socket.bytesRead + MAX_DISCARDED_BYTES;
    socket.removeAllListeners('data');
    socket.on('data', () => {
      if (socket.bytesRead > allowedBytes) socket.destroy();
    });
    // The parser has read by itself, so the socket does not know that it has to.
    socket.push('');
    socket.resume();
  }

  #runAfterAnswers(): void {
    const action = this.#afterAnswers;
    this.#afterAnswers = undefined;
    action?.();
  }
}
