import type { Fields } from '../../json.ts';

/** Members that events of HTTP triggers have and no envelope of a message has. */
const OF_HTTP_ALONE = [
  'httpMethod',
  'requestContext',
  'rawPath',
  'rawQueryString',
  'multiValueHeaders',
  'queryStringParameters',
  'multiValueQueryStringParameters',
  'pathParameters',
  'stageVariables',
  'routeKey',
  'isBase64Encoded',
  // VPC Lattice's, and that of API Gateway's mapping template.
  'raw_path',
  'is_base64_encoded',
  'body-json',
];

/** A Kafka record has headers, and an extension of a CloudEvent may have any of these names. */
const OF_ENVELOPES_TOO = ['headers', 'cookies', 'request'];

/** Whether this came by HTTP, whatever else it looks like. */
export function isHttpRequest(event: Fields): boolean {
  return OF_HTTP_ALONE.some((name) => name in event);
}

/** Whether something that is no envelope came by HTTP: an HTTP request needs a token, and here nobody asks for one. */
export function looksLikeHttp(payload: Fields): boolean {
  return isHttpRequest(payload) || OF_ENVELOPES_TOO.some((name) => name in payload);
}
