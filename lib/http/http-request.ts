import type { Trail } from '../telemetry/audit-line.ts';
import type { QueryPairs } from './query.ts';

/** Headers as a platform delivers them; FunctionGraph may give an array for one name. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One HTTP request, whatever platform carried it. */
export interface HttpEvent {
  readonly method: string;
  /** Without the query, the stage and the base path. */
  readonly path: string;
  /** As the client sent and signed it, without the query. */
  readonly sentPath: string;
  /** The query's pairs, decoded; read by signed requests only. */
  readonly query: () => QueryPairs;
  /** As delivered: names in any case. */
  readonly headers: HeaderMap;
  /** Present where the platform gives every value of a name. */
  readonly multiValueHeaders: HeaderMap | undefined;
  /** Bytes, text or base64 text; what the JSON parser made of it once that has run. */
  body: unknown;
  isBase64Encoded: boolean;
  /** Set by a server that stopped reading at the limit: `body` is empty then. */
  readonly bodyTooLong: boolean;
  readonly requestId: string;
  /** Milliseconds until the platform ends the invocation; absent where it sets no deadline. */
  readonly remainingMs: (() => number) | undefined;
  readonly trail: Trail;
}

export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The part of middy's request that our middlewares use. */
export interface Exchange {
  event: HttpEvent;
  response: HttpReply | null | undefined;
  error: unknown;
}

export interface Middleware {
  readonly before?: (exchange: Exchange) => Promise<void> | void;
  readonly after?: (exchange: Exchange) => void;
  readonly onError?: (exchange: Exchange) => void;
}

/**
 * Every value that a request has under a name. Platforms deliver them in single headers, in multi-value headers or in both.
 *
 * @param name lower case
 */
export function headerValues({ headers, multiValueHeaders }: HttpEvent, name: string): readonly string[] {
  const single = valuesIn(headers, name);
  if (multiValueHeaders === undefined) return single;
  const multiple = valuesIn(multiValueHeaders, name);
  const [longer, shorter] = multiple.length >= single.length ? [multiple, single] : [single, multiple];
  return [...longer, ...shorter.filter((value) => !longer.includes(value))];
}

function valuesIn(headers: HeaderMap, name: string): string[] {
  const values: string[] = [];
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    const value = headers[key];
    if (typeof value === 'string') values.push(value);
    else if (value !== undefined) values.push(...value);
  }
  return values;
}
