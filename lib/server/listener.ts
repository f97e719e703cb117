import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '../errors.ts';
import type { HeaderMap, HttpReply } from '../http/exchange.ts';
import type { Pipeline } from '../http/pipeline.ts';
import { toHttpEvent } from '../http/platform-event.ts';
import { readBody } from './read-body.ts';

export interface ListenerOptions {
  readonly pipeline: Pipeline;
  /** The reply to a request that does not reach the chain, with its audit line written. */
  readonly refuse: (error: ServiceError, requestId: string) => HttpReply;
  readonly freshRequestId: () => string;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Node's request → the one chain → Node's response. */
export function createListener(options: ListenerOptions): Listener {
  return (request, response) => {
    const requestId = options.freshRequestId();
    answer(request, requestId, options).then(
      (reply) => {
        // Without it Node chooses a chunked answer once the headers are written.
        response.writeHead(reply.statusCode, { ...reply.headers, 'Content-Length': Buffer.byteLength(reply.body) });
        response.end(reply.body);
      },
      // The sender has gone: there is nobody to answer.
      () => response.destroy(),
    );
  };
}

async function answer(request: IncomingMessage, requestId: string, options: ListenerOptions): Promise<HttpReply> {
  const headers = readHeaders(request.rawHeaders);
  const flaw = framingFlaw(request, headers);
  if (flaw !== undefined) {
    request.resume();
    return options.refuse(new ServiceError('format-invalid', { reason: flaw }), requestId);
  }
  const { text, bodyTooLong } = await readBody(request);
  return options.pipeline(
    toHttpEvent(
      {
        method: request.method ?? '',
        path: pathOf(request.url ?? ''),
        headers,
        multiValueHeaders: undefined,
        body: text,
        isBase64Encoded: true,
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

/** What Node's parser lets pass and the contract does not. RFC 9112 §3.2 asks for a Host, §6.1 for codings that we know. */
function framingFlaw(request: IncomingMessage, headers: HeaderMap): string | undefined {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (typeof coding !== 'string' || coding.toLowerCase() !== 'chunked')) {
    return 'transfer coding other than chunked';
  }
  if (request.httpVersion === '1.1' && typeof headers.host !== 'string') return 'not exactly one Host';
  return undefined;
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}
