import { catalogueRow, type ErrorKey, ServiceError, statusOf, toServiceError } from '../errors.ts';
import type { HttpReply } from './http-request.ts';
import type { Middleware } from './middleware.ts';
import { replyHeaders } from './reply-headers.ts';

export interface ErrorReplyOptions {
  /** Keystone's base, for `WWW-Authenticate`; absent where no IAM is configured. */
  readonly iamUrl: string | undefined;
  /**
   * `superset` repeats code and sentence at the top level and adds the request id: Huawei's SDK for Node looks for them
   * there and nowhere else.
   */
  readonly body: 'documented' | 'superset';
  /**
   * Status of a token that is unknown or has expired; default: the catalogue's. Clients of the OpenStack family log in
   * again on 401 alone.
   */
  readonly tokenRefusedStatus?: number;
}

/** The body and the headers of one row, with the parts that only some rows have. */
export function errorReply(key: ErrorKey, requestId: string, options: ErrorReplyOptions): HttpReply {
  const { code, message, retryAfterSeconds } = catalogueRow(key);
  const status = statusOf(key, options.tokenRefusedStatus);
  const headers = replyHeaders(requestId);
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  if (key === 'method-unsupported') headers.Allow = 'POST';
  if (status === 401 && key !== 'signature-refused' && options.iamUrl !== undefined) {
    headers['WWW-Authenticate'] = `Keystone uri="${options.iamUrl}"`;
  }
  const error = { error_code: code, error_msg: message };
  const body = options.body === 'superset' ? { error, ...error, request_id: requestId } : { error };
  return { statusCode: status, headers, body: JSON.stringify(body) };
}

/**
 * Turns whatever was thrown into a row of the catalogue, in the form that middy's error handler writes out: it takes
 * the body from `message`, and makes a bare 500 of anything above 499 that does not say `expose`.
 */
export function failure(options: ErrorReplyOptions): Middleware {
  return {
    onError(exchange) {
      const error = isParserError(exchange.error) ? new ServiceError('body-not-json') : toServiceError(exchange.error);
      const { trail } = exchange.event;
      trail.failure = error;
      const { statusCode, headers, body } = errorReply(error.key, trail.requestId, options);
      exchange.error = { statusCode, headers, message: body, expose: true };
    },
  };
}

/** The parser's own error carries the body in its `cause`, so nothing of it goes further. */
function isParserError(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (
    typeof cause === 'object' && cause !== null && Reflect.get(cause, 'package') === '@middy/http-json-body-parser'
  );
}
