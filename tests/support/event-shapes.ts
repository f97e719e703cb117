import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { type Fields, fieldsOf, readSample } from './samples.ts';
import type { HeaderLine, WireRequest } from './wire-request.ts';

/** How one platform writes a request into an event. */
export interface EventShape {
  readonly name: string;
  /** Whether two headers of one name are still two in the event, or joined by a comma. */
  readonly keepsRepeatedHeaders: boolean;
  /** The id that the event carries. */
  readonly requestId: string | undefined;
  readonly eventOf: (request: WireRequest) => Fields;
}

/** Every event of a known HTTP trigger, made from that trigger's sample. */
export const EVENT_SHAPES: readonly EventShape[] = [
  shape('apigw-rest', true, (request, sample) => ({
    ...sample,
    httpMethod: request.method,
    path: request.path,
    headers: lastOfEach(request.headers),
    multiValueHeaders: allOfEach(request.headers),
    ...written(request, (pairs) => ({
      queryStringParameters: lastOfEach(pairs),
      multiValueQueryStringParameters: allOfEach(pairs),
    })),
    ...textOrBase64(request.body, null),
  })),
  shape('apigw-http', true, versionTwo),
  shape('function-url', true, versionTwo),
  shape('alb', false, (request, sample) => ({
    ...sample,
    httpMethod: request.method,
    path: request.path,
    headers: lastOfEach(lowerCase(request.headers)),
    ...written(request, (pairs) => ({ queryStringParameters: lastOfEach(encoded(pairs)) })),
    ...textOrBase64(request.body, ''),
  })),
  shape('alb-multi', true, (request, sample) => ({
    ...sample,
    httpMethod: request.method,
    path: request.path,
    multiValueHeaders: allOfEach(lowerCase(request.headers)),
    ...written(request, (pairs) => ({ multiValueQueryStringParameters: allOfEach(encoded(pairs)) })),
    ...textOrBase64(request.body, ''),
  })),
  shape('functiongraph-apig', true, (request, sample) => ({
    ...sample,
    httpMethod: request.method,
    path: request.path,
    headers: arraysWhereTwo(lowerCase(request.headers)),
    ...written(request, (pairs) => ({ queryStringParameters: arraysWhereTwo(pairs) })),
    body: Buffer.from(request.body).toString('base64'),
    isBase64Encoded: true,
  })),
];

/** The one of this name. */
export function eventShape(name: string): EventShape {
  const found = EVENT_SHAPES.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
}

function shape(
  name: string,
  keepsRepeatedHeaders: boolean,
  write: (request: WireRequest, sample: Fields) => Fields,
): EventShape {
  const sample = readSample(`${name}.success.json`);
  const { requestId } = fieldsOf(sample.requestContext);
  return {
    name,
    keepsRepeatedHeaders,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    eventOf: (request) => write(request, sample),
  };
}

function versionTwo(request: WireRequest, sample: Fields): Fields {
  const { body: _, ...rest } = sample;
  const context = fieldsOf(sample.requestContext);
  const http = { ...fieldsOf(context.http), method: request.method, path: request.path };
  return {
    ...rest,
    rawPath: request.path,
    rawQueryString: request.query,
    headers: joined(lowerCase(request.headers)),
    requestContext: { ...context, http },
    ...textOrBase64(request.body, undefined),
  };
}

/** The members for a query, where there is one. */
function written({ query }: WireRequest, write: (pairs: readonly Pair[]) => Fields): Fields {
  return query === '' ? {} : write([...new URLSearchParams(query.replaceAll('+', '%2B'))]);
}

function encoded(pairs: readonly Pair[]): Pair[] {
  return pairs.map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)]);
}

/** AWS writes text as text and everything else as base64. */
function textOrBase64(body: Uint8Array, empty: string | null | undefined): Fields {
  if (body.length === 0) return { ...(empty !== undefined && { body: empty }), isBase64Encoded: false };
  const bytes = Buffer.from(body);
  const isText = isUtf8(bytes);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** A header or a pair of a query. */
type Pair = HeaderLine;

function allOfEach(pairs: readonly Pair[]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of pairs) values[name] = [...(values[name] ?? []), value];
  return values;
}

function lastOfEach(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

function joined(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(Object.entries(allOfEach(pairs)).map(([name, values]) => [name, values.join(',')]));
}

function arraysWhereTwo(pairs: readonly Pair[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(allOfEach(pairs)).map(([name, values]) => [name, values.length > 1 ? values : values[0]]),
  );
}

/** Most platforms hand over lower-case names, whatever was sent. */
function lowerCase(headers: readonly HeaderLine[]): HeaderLine[] {
  return headers.map(([name, value]) => [name.toLowerCase(), value]);
}
