import { catalogueRow, type ErrorKey, ServiceError } from '../errors.ts';
import type { Exchange, Middleware } from './exchange.ts';
import { replyHeaders } from './reply-headers.ts';

export interface FailureOptions {
  /** Keystone's base, for `WWW-Authenticate`; absent where no IAM is configured. */
  readonly iamUrl: string | undefined;
}

/** The body and the headers of one row, with the parts that only some rows have. */
export function errorReply(key: ErrorKey, requestId: string, options: FailureOptions) {
  const { status, code, message, retryAfterSeconds } = catalogueRow(key);
  const headers = replyHeaders(requestId);
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(retryAfterSeconds);
  if (key === 'method-unsupported') headers.Allow = 'POST';
  if (key === 'credential-missing' && options.iamUrl !== undefined) {
    headers['WWW-Authenticate'] = `Keystone uri="${options.iamUrl}"`;
  }
  const body = JSON.stringify({ error: { error_code: code, error_msg: message } });
  return { statusCode: status, headers, body };
}

/**
 * Turns whatever was thrown into a row of the catalogue, in the form that middy's error handler writes out: it takes the body
 * from `message`, and makes a bare 500 of anything above 499 that does not say `expose`.
 */
export function failure(options: FailureOptions): Middleware {
  return {
    onError(exchange) {
      const error = toServiceError(exchange.error);
      exchange.event.trail.failure = error;
      const { statusCode, headers, body } = errorReply(error.key, exchange.event.requestId, options);
      exchange.error = { statusCode, headers, message: body, expose: true };
    },
  };
}

function toServiceError(error: Exchange['error']): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isParserError(error)) return new ServiceError('body-not-json', { reason: 'refused by the JSON parser' });
  return new ServiceError('defect', { reason: 'unexpected error', cause: error });
}

/** The parser's own error carries the body in its `cause`, so nothing of it goes further. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 422;
}
