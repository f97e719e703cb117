import type { Trail } from '../telemetry/audit-line.ts';
import type { QueryPairs } from './query.ts';

/** One HTTP request, whatever carried it. An adapter makes it once; every step reads it. */
export interface HttpRequest {
  readonly method: string;
  /** What is routed: without the query, a gateway's stage and a base path. */
  readonly path: string;
  /** The paths, without the query, that the client may have signed; the one that was sent first. */
  readonly signedPaths: readonly string[];
  /** The query's pairs, decoded; read for signed requests only. */
  readonly query: () => QueryPairs;
  /** Bytes of the query as it was sent, or at least so many where a gateway hands over its pairs. */
  readonly queryLength: () => number;
  /** Every value that the request has under a name. @param name lower case */
  readonly headerValues: (name: string) => readonly string[];
  /**
   * The body as it was sent, at most 16 KiB of it; empty where there is none.
   *
   * @throws {ServiceError} `body-too-long`
   */
  readonly receiveBody: () => string | Buffer | Promise<string | Buffer>;
  /** Milliseconds that the platform leaves for work; absent where it sets no deadline. */
  readonly remainingMs: (() => number) | undefined;
  readonly trail: Trail;
  /** Where middy's JSON parser finds the text of the body, and leaves what it made of it. */
  body: unknown;
}

export interface HttpReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
