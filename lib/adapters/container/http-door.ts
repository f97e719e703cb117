import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../../errors.ts';
import type { HeaderMap, HttpReply } from '../../http/http-request.ts';
import type { Pipeline } from '../../http/pipeline.ts';
import { parseQuery } from '../../http/query.ts';
import { MAX_BODY_BYTES } from '../../limits.ts';
import { toHttpEvent } from '../http-event/read-http-event.ts';
import { readBody } from './receive-body.ts';

export interface ListenerOptions {
  readonly pipeline: Pipeline;
  readonly freshRequestId: () => string;
  /** The header in which the platform gives its own id of a request. Only where nobody else can set it. */
  readonly requestIdHeader?: string | undefined;
  /** The reply to a request that the chain did not answer, with its audit line written. */
  readonly refuse: (error: ServiceError, requestId: string) => HttpReply;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Node's request → the one chain → Node's response. */
export function createListener(options: ListenerOptions): Listener {
  return (request, response) => {
    const requestId = platformRequestId(request, options.requestIdHeader) ?? options.freshRequestId();
    answer(request, requestId, options).then(
      (reply) => sendReply(response, reply),
      (error: unknown) => {
        if (error instanceof ServiceError) {
          sendReply(response, options.refuse(error, requestId));
          return;
        }
        // The sender has gone before the end: nobody waits for an answer, unless the parser's has been written, with its line.
        const lost = new ServiceError('format-invalid', { reason: 'the sender left before the end' });
        if (!request.socket.writableEnded) options.refuse(lost, requestId);
        response.destroy();
      },
    );
  };
}

export function sendReply(response: ServerResponse, { statusCode, headers, body }: HttpReply): void {
  // Without a length Node chooses a chunked answer once the headers are written.
  const lines = ['Content-Length', String(Buffer.byteLength(body))];
  for (const name in headers) lines.push(name, headers[name] ?? '');
  response.writeHead(statusCode, lines);
  response.end(body);
}

async function answer(request: IncomingMessage, requestId: string, options: ListenerOptions): Promise<HttpReply> {
  const headers = readHeaders(request.rawHeaders);
  const { bytes, bodyTooLong } = await readBody(request, MAX_BODY_BYTES);
  // RFC 9112 §3.2.2: a server takes the absolute form too.
  const target = (request.url ?? '').replace(/^https?:\/\/[^/?#]*/i, '');
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  return options.pipeline(
    toHttpEvent(
      {
        method: request.method ?? '',
        path,
        sentPath: path,
        query: () => (query === -1 ? [] : parseQuery(target.slice(query + 1))),
        headers,
        multiValueHeaders: undefined,
        body: bytes,
        isBase64Encoded: false,
      },
      { requestId, remainingMs: undefined, bodyTooLong },
    ),
  );
}

/** Every value of every name: Node's own map keeps the first of two `Authorization` headers and drops the other. */
function readHeaders(rawHeaders: readonly string[]): HeaderMap {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

/** @param header lower case @returns undefined where it is missing or no id */
export function platformRequestId(request: IncomingMessage, header: string | undefined): string | undefined {
  const id = header === undefined ? undefined : request.headers[header];
  return typeof id === 'string' && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}
