import type { HeaderMap, HttpEvent, HttpReply } from '../../http/http-request.ts';
import { parseQuery, type QueryPairs, queryOfMap } from '../../http/query.ts';
import { statusPhrase } from '../../http/status-phrases.ts';
import { type Fields, isFields } from '../../json.ts';

/** An event that no HTTP trigger sends. The message names its top-level keys and none of its values. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
  readonly eventKeys: readonly string[];

  constructor(event: unknown) {
    const eventKeys = typeof event === 'object' && event !== null ? Object.keys(event).slice(0, 20) : [];
    super(`not an HTTP event of a known trigger; top-level keys: ${eventKeys.join(', ') || 'none'}`);
    this.eventKeys = eventKeys;
  }
}

/** What an HTTP trigger asks, and how it wants its answer. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  /** As the client sent and signed it: with the stage or the base path that the gateway takes off. */
  readonly sentPath: string;
  readonly query: () => QueryPairs;
  readonly headers: HeaderMap;
  readonly multiValueHeaders: HeaderMap | undefined;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  /** The trigger's own id of this request, where it gives one. */
  readonly requestId: string | undefined;
  readonly toPlatformReply: (reply: HttpReply) => PlatformReply;
}

export interface PlatformReply {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: false;
}

/**
 * Reads the event of API Gateway (REST 1.0, HTTP 2.0), a Function URL (2.0), an Application Load Balancer or FunctionGraph's APIG.
 * They are one family: only the places of method and path differ.
 *
 * @throws {UnknownEventError} for every other shape
 */
export function readPlatformEvent(event: unknown): PlatformRequest {
  if (!isFields(event) || !isFields(event.requestContext)) throw new UnknownEventError(event);
  const context = event.requestContext;
  const line = isFields(context.http)
    ? { method: context.http.method, path: withoutStage(event.rawPath, context.stage) }
    : { method: event.httpMethod, path: event.path };
  const { headers, multiValueHeaders } = event;
  if (typeof line.method !== 'string' || typeof line.path !== 'string') throw new UnknownEventError(event);
  // The console of API Gateway tests with both null when no header is given.
  const single = isHeaderMap(headers) ? headers : undefined;
  const multiple = isHeaderMap(multiValueHeaders) ? multiValueHeaders : undefined;
  if (headers !== null && single === undefined && multiple === undefined) throw new UnknownEventError(event);
  return {
    method: line.method,
    path: line.path,
    sentPath: sentPathOf(event, context) ?? line.path,
    query: () => readQuery(event, context),
    headers: single ?? {},
    multiValueHeaders: multiple,
    body: typeof event.body === 'string' ? event.body : null,
    isBase64Encoded: event.isBase64Encoded === true,
    requestId: typeof context.requestId === 'string' ? context.requestId : undefined,
    toPlatformReply: replyOf(event, context),
  };
}

/** A stage of an HTTP API other than `$default` stands in front of `rawPath`. */
function withoutStage(path: unknown, stage: unknown): unknown {
  if (typeof path !== 'string' || typeof stage !== 'string') return path;
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : path;
}

/** A REST API says it in its context, an HTTP API in `rawPath`. */
function sentPathOf(event: Fields, context: Fields): string | undefined {
  const path = isFields(context.http) ? event.rawPath : context.path;
  return typeof path === 'string' ? path : undefined;
}

function readQuery(event: Fields, context: Fields): QueryPairs {
  if (typeof event.rawQueryString === 'string') return parseQuery(event.rawQueryString);
  return queryOfMap(event.multiValueQueryStringParameters ?? event.queryStringParameters, isFields(context.elb));
}

function replyOf(event: Fields, context: Fields): PlatformRequest['toPlatformReply'] {
  if (!isFields(context.elb)) return plainReply;
  return isHeaderMap(event.multiValueHeaders) ? multiValueLoadBalancerReply : loadBalancerReply;
}

function plainReply(reply: HttpReply): PlatformReply {
  const { statusCode, headers, body } = reply;
  return { statusCode, headers, body, isBase64Encoded: false };
}

function loadBalancerReply(reply: HttpReply): PlatformReply {
  const { statusCode } = reply;
  return { ...plainReply(reply), statusDescription: `${statusCode} ${statusPhrase(statusCode)}` };
}

/** A target group with multi-value headers ignores `headers`. */
function multiValueLoadBalancerReply(reply: HttpReply): PlatformReply {
  const { headers = {}, ...rest } = loadBalancerReply(reply);
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return { ...rest, multiValueHeaders };
}

/** The event that enters the chain. */
export function toHttpEvent(
  request: Omit<PlatformRequest, 'requestId' | 'toPlatformReply' | 'body'> & { readonly body: string | Buffer | null },
  more: { requestId: string; remainingMs: (() => number) | undefined; bodyTooLong: boolean },
): HttpEvent {
  const { method, path, sentPath, query, headers, multiValueHeaders, body, isBase64Encoded } = request;
  const { requestId, remainingMs, bodyTooLong } = more;
  return {
    method,
    path,
    sentPath,
    query,
    headers,
    multiValueHeaders,
    body,
    isBase64Encoded,
    bodyTooLong,
    requestId,
    remainingMs,
    trail: {},
  };
}

function isHeaderMap(value: unknown): value is HeaderMap {
  if (!isFields(value)) return false;
  for (const name in value) if (!isHeaderValue(value[name])) return false;
  return true;
}

function isHeaderValue(value: unknown): boolean {
  if (typeof value === 'string' || value === undefined) return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
