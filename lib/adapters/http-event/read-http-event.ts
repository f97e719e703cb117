import { ServiceError } from '../../errors.ts';
import type { HttpReply, HttpRequest } from '../../http/http-request.ts';
import { lengthOfPairs, parseQuery, type QueryPairs, queryOfMap } from '../../http/query.ts';
import { resolvePath } from '../../http/target.ts';
import { type Fields, isFields, memberNames } from '../../json.ts';
import { MAX_BODY_BYTES } from '../../limits.ts';
import { traceIdOf } from '../../telemetry/trace-id.ts';
import type { Invocation } from '../function/invocation.ts';
import { clientIpOf } from './client-ip.ts';
import { headerLookup } from './header-lookup.ts';
import { loadBalancerReply, multiValueLoadBalancerReply, type PlatformReply, plainReply } from './platform-reply.ts';

/** An event that no HTTP trigger sends. The message names its top-level keys and none of its values. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
  /** At most 20 of them, by commas. */
  readonly eventKeys: string;

  constructor(event: unknown) {
    const eventKeys = memberNames(event);
    super(`not an HTTP event of a known trigger; top-level keys: ${eventKeys || 'none'}`);
    this.eventKeys = eventKeys;
  }
}

/** What an HTTP trigger asks, and how it wants its answer. */
export interface HttpEvent {
  readonly request: HttpRequest;
  readonly toPlatformReply: (reply: HttpReply) => PlatformReply;
}

export interface HttpEventOptions {
  readonly freshRequestId: () => string;
  /** As configured; absent: none. */
  readonly basePath?: string | undefined;
}

/**
 * Reads the event of API Gateway (REST 1.0, HTTP 2.0), a Function URL (2.0), an Application Load Balancer or
 * FunctionGraph's APIG. They are one family: only the places of method and path differ.
 *
 * @throws {UnknownEventError} for every other shape
 */
export function readHttpEvent(event: unknown, invocation: Invocation, options: HttpEventOptions): HttpEvent {
  if (!isFields(event) || !isFields(event.requestContext)) throw new UnknownEventError(event);
  const context = event.requestContext;
  const { method, path } = isFields(context.http)
    ? { method: context.http.method, path: event.rawPath }
    : { method: event.httpMethod, path: event.path };
  if (typeof method !== 'string' || typeof path !== 'string') throw new UnknownEventError(event);
  const headerValues = headerLookup(event);
  const request: HttpRequest = {
    method,
    ...resolvePath({ path, sentPath: sentPathOf(context), stage: stageOf(context) }, options.basePath),
    query: () => readQuery(event, context),
    queryLength: () => queryLength(event),
    headerValues,
    receiveBody: () => bodyOf(event),
    remainingMs: invocation.remainingMs,
    trail: {
      ...idsOf(context, invocation, options),
      traceId: traceIdOf(headerValues),
      clientIp: clientIpOf(context, headerValues),
    },
    body: undefined,
  };
  return { request, toPlatformReply: replyOf(event, context) };
}

/** The gateway's id of the request goes before the function's own. */
function idsOf({ requestId: gateways }: Fields, { requestId: own }: Invocation, { freshRequestId }: HttpEventOptions) {
  if (typeof gateways === 'string' && gateways !== '') return { requestId: gateways, invocationId: own };
  return { requestId: own ?? freshRequestId() };
}

/** A REST API says here what was sent, and leaves its stage out of `path`. */
function sentPathOf({ path }: Fields): string | undefined {
  return typeof path === 'string' ? path : undefined;
}

/** A stage of an HTTP API other than `$default` stands in front of the path, whatever the version of its payload. */
function stageOf({ stage }: Fields): string {
  return typeof stage === 'string' && stage !== '' ? `/${stage}` : '';
}

function readQuery(event: Fields, context: Fields): QueryPairs {
  if (typeof event.rawQueryString === 'string') return parseQuery(event.rawQueryString);
  return queryOfMap(queryMapOf(event), isFields(context.elb));
}

function queryLength(event: Fields): number {
  if (typeof event.rawQueryString === 'string') return Buffer.byteLength(event.rawQueryString);
  return lengthOfPairs(queryOfMap(queryMapOf(event), false));
}

function queryMapOf({ multiValueQueryStringParameters: multiple, queryStringParameters: single }: Fields): unknown {
  return isFields(multiple) ? multiple : single;
}

function bodyOf({ body, isBase64Encoded }: Fields): string | Buffer {
  if (typeof body !== 'string') return '';
  // Four characters of base64 are three bytes: an over-long body is not decoded to find that out.
  if (body.length > (MAX_BODY_BYTES * 4) / 3 + 4) throw new ServiceError('body-too-long');
  const received = isBase64Encoded === true ? Buffer.from(body, 'base64') : body;
  if (Buffer.byteLength(received) > MAX_BODY_BYTES) throw new ServiceError('body-too-long');
  return received;
}

function replyOf({ multiValueHeaders }: Fields, { elb }: Fields): HttpEvent['toPlatformReply'] {
  if (!isFields(elb)) return plainReply;
  return isFields(multiValueHeaders) ? multiValueLoadBalancerReply : loadBalancerReply;
}
