import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorKey, ServiceError } from '../errors.ts';
import type { HttpReply } from '../http/exchange.ts';

/** What was last received on a connection and what is being answered. */
export interface Current {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Answers what Node's parser refuses, in the contract's shape. Where an answer is on its way already, nothing is written into it.
 *
 * @param current undefined before the first request of a connection
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  current: Current | undefined,
  refuse: (error: ServiceError) => HttpReply,
): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (current?.request.complete && !current.response.writableFinished) {
    current.response.once('close', () => socket.destroy());
    return;
  }
  if (current?.request.complete === false && current.response.headersSent) {
    socket.destroy();
    return;
  }
  const reason = `refused by the HTTP parser (${error.code ?? 'no code'})`;
  socket.end(toWire(refuse(new ServiceError(errorKeyOf(error.code), { reason }))));
}

function errorKeyOf(code: string | undefined): ErrorKey {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-too-slow';
  return 'format-invalid';
}

function toWire(reply: HttpReply): string {
  const headers = { ...reply.headers, 'Content-Length': String(Buffer.byteLength(reply.body)), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.statusCode} ${STATUS_CODES[reply.statusCode]}\r\n${lines.join('')}\r\n${reply.body}`;
}
