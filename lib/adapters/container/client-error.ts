import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ServiceError } from '../../errors.ts';
import type { HttpReply } from '../../http/http-request.ts';
import { LINGER_MS } from '../../limits.ts';
import type { Connections } from './connections.ts';

/**
 * Answers what Node's parser refuses, in the contract's shape and behind whatever is still being answered on that connection.
 * Into an answer that has begun nothing is written.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  connections: Connections,
  refuse: (error: ServiceError) => HttpReply,
): void {
  const all = connections.pendingOn(socket);
  const isAnswered = all.some(({ request, response }) => !request.complete && response.headersSent);
  if (!socket.writable || error.code === 'ECONNRESET' || isAnswered) {
    socket.destroy();
    return;
  }
  const finish = (): void => {
    endWith(socket, refuse(refusalOf(error.code)));
  };
  const pending = all.findLast(({ request, response }) => request.complete && !response.writableFinished);
  if (pending === undefined) finish();
  else pending.response.once('finish', finish);
}

/** Reads on for a moment: closing at once would reset a connection that is still being written to, and lose the answer. */
export function endWith(socket: Duplex, reply: HttpReply): void {
  socket.end(toWire(reply));
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

function refusalOf(code = 'no code'): ServiceError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ServiceError('headers-too-large', { detail: code });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ServiceError('request-too-slow', { detail: code });
  return new ServiceError('format-invalid', { reason: 'not-http', detail: code });
}

function toWire(reply: HttpReply): string {
  const headers = { ...reply.headers, 'Content-Length': String(Buffer.byteLength(reply.body)), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.statusCode} ${STATUS_CODES[reply.statusCode]}\r\n${lines.join('')}\r\n${reply.body}`;
}
