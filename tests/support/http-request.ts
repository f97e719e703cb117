import type { HttpRequest } from '../../lib/http/http-request.ts';
import { PATH } from './contract.ts';
import type { HeaderLine } from './wire-request.ts';

export interface GivenRequest extends Partial<Omit<HttpRequest, 'headerValues' | 'receiveBody' | 'body' | 'query'>> {
  readonly headers?: readonly HeaderLine[];
  readonly query?: ReturnType<HttpRequest['query']>;
  readonly body?: string | Uint8Array;
}

/** A request as an adapter makes it. */
export function httpRequest({ headers = [], body = '', query = [], path = PATH, ...more }: GivenRequest): HttpRequest {
  return {
    method: 'POST',
    path,
    signedPaths: [path],
    query: () => query,
    queryLength: () => 0,
    headerValues: (name) => headers.filter((line) => line[0].toLowerCase() === name).map(([, value]) => value),
    receiveBody: () => (typeof body === 'string' ? body : Buffer.from(body)),
    remainingMs: undefined,
    trail: { requestId: 'r-1' },
    body: undefined,
    ...more,
  };
}
