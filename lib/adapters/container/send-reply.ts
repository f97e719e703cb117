import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpReply } from '../../http/http-request.ts';
import type { Connection } from './connection.ts';
import { discardRest } from './receive-body.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse, connection: Connection) => void;

export function sendReply(response: ServerResponse, { statusCode, headers, body }: HttpReply): void {
  // Without a length Node chooses a chunked answer once the headers are written.
  const lines = ['Content-Length', String(Buffer.byteLength(body))];
  for (const name in headers) lines.push(name, headers[name] ?? '');
  if (!response.req.complete) discardRest(response.req);
  response.writeHead(statusCode, lines);
  response.end(body);
}
