import type { HttpReply, HttpRequest } from './http-request.ts';

/** The part of middy's request that our middlewares use. */
export interface Exchange {
  readonly event: HttpRequest;
  response: HttpReply | null | undefined;
  error: unknown;
}

export interface Middleware {
  readonly before?: (exchange: Exchange) => Promise<void> | void;
  readonly after?: (exchange: Exchange) => void;
  readonly onError?: (exchange: Exchange) => void;
}
