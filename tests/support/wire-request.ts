import { PATH } from './contract.ts';

export type HeaderLine = readonly [name: string, value: string];

/** One request as a client means it, before a server or a platform has put it into its own shape. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark; empty where there is none. */
  readonly query: string;
  readonly headers: readonly HeaderLine[];
  readonly body: Uint8Array;
}

export interface WireOptions {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  /** Every `X-Auth-Token` that is sent. */
  readonly tokens?: readonly string[];
  /** Undefined: no such header. */
  readonly contentType?: string | undefined;
  readonly headers?: readonly HeaderLine[];
  /** Text goes as UTF-8, anything else as JSON. */
  readonly body?: unknown;
}

export const JSON_TYPE = 'application/json';

/** A request for 512 bits without a token, but for what is said otherwise. */
export function wireRequest(options: WireOptions = {}): WireRequest {
  const { method = 'POST', path = PATH, query = '', tokens = [], headers = [] } = options;
  const contentType = 'contentType' in options ? options.contentType : JSON_TYPE;
  const typeLines: readonly HeaderLine[] = contentType === undefined ? [] : [['Content-Type', contentType]];
  const tokenLines = tokens.map((token): HeaderLine => ['X-Auth-Token', token]);
  const body = bytesOf('body' in options ? options.body : { random_data_length: '512' });
  return { method, path, query, headers: [...typeLines, ...tokenLines, ...headers], body };
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
