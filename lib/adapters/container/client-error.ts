import { STATUS_CODES } from 'node:http';
import { ServiceError } from '../../errors.ts';
import type { HttpReply } from '../../http/http-request.ts';
import type { Connection } from './connection.ts';
import { breakOff } from './receive-body.ts';

/**
 * Answers what Node's parser refuses, in the contract's shape and behind whatever is owed on that connection, and ends
 * it. A request whose headers were in is answered by its own listener, which learns that the rest of the body never
 * comes.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  connection: Connection,
  refuse: (error: ServiceError) => HttpReply,
): void {
  const refusal = refusalOf(error);
  if (refusal === undefined || !connection.socket.writable) {
    connection.socket.destroy();
    return;
  }
  // The parser refuses every further byte anew.
  if (!connection.refuseRest()) return;
  const incomplete = connection.incomplete();
  if (incomplete === undefined) {
    connection.afterAnswers(() => connection.end(toWire(refuse(refusal))));
    return;
  }
  if (refusal.key === 'request-too-slow' && incomplete.writableFinished) {
    connection.socket.destroy();
    return;
  }
  connection.closeAfterNewest();
  breakOff(incomplete.req, refusal);
  connection.afterAnswers(() => connection.end());
}

/** @returns undefined for an error of the connection, which has nobody to answer */
function refusalOf({ code = 'no code' }: NodeJS.ErrnoException): ServiceError | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return new ServiceError('headers-too-large', { detail: code });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new ServiceError('request-too-slow', { detail: code });
  // What the client has sent so far is well formed.
  if (code === 'HPE_INVALID_EOF_STATE') return new ServiceError('format-invalid', { reason: 'sender-left' });
  return code.startsWith('HPE_') ? new ServiceError('format-invalid', { reason: 'not-http', detail: code }) : undefined;
}

/** A reply as a last response, for a connection without a response of Node's. */
export function toWire(reply: HttpReply): string {
  const headers = { ...reply.headers, 'Content-Length': String(Buffer.byteLength(reply.body)), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${reply.statusCode} ${STATUS_CODES[reply.statusCode]}\r\n${lines.join('')}\r\n${reply.body}`;
}
