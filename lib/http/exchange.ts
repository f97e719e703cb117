import type { Principal } from '../auth/verdict.ts';
import type { ServiceError } from '../errors.ts';

/** Headers as a platform delivers them; FunctionGraph may give an array for one name. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One HTTP request, whatever platform carried it. */
export interface HttpEvent {
  readonly method: string;
  /** As sent, without the query. */
  readonly path: string;
  /** Lower-case names once the normaliser has run. */
  headers: HeaderMap;
  /** As delivered: the normaliser keeps only one of two names that differ in case. */
  readonly deliveredHeaders: HeaderMap;
  /** Present where the platform gives every value of a name. */
  multiValueHeaders: HeaderMap | undefined;
  /** Text, or base64 text; what the JSON parser made of it once that has run. */
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

/** What the steps of the chain leave for those behind them and for the audit line. */
export interface Trail {
  startedAtMs?: number;
  projectId?: string;
  principal?: Principal;
  bitLength?: number;
  sequence?: string | undefined;
  sources?: readonly string[];
  omitted?: readonly string[];
  failure?: ServiceError;
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
 * Every value that a request has under a name, from the multi-value headers where there are any.
 *
 * @param name lower case
 */
export function headerValues(event: HttpEvent, name: string): readonly string[] {
  const values = event.multiValueHeaders === undefined ? [] : valuesIn(event.multiValueHeaders, name);
  return values.length > 0 ? values : valuesIn(event.deliveredHeaders, name);
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
