import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../errors.ts';
import { trimBlanks } from '../wire/white-space.ts';
import type { HttpRequest } from './http-request.ts';
import type { Middleware } from './middleware.ts';

// RFC 9110 §8.3.1: optional white space around the semicolon of a parameter; type and subtype in any case.
const APPLICATION_JSON = /^application\/json[ \t]*(?:;|$)/i;

/**
 * Content type, length and encoding of the body, before the JSON parser sees it: the parser takes
 * `application/vnd.x+json`, refuses `application/json ;charset=utf-8` and decodes bad UTF-8 with losses.
 */
export function requireJson(): Middleware {
  return {
    before({ event: request }) {
      const [contentType, second] = request.headerValues('content-type');
      if (contentType === undefined || second !== undefined || !APPLICATION_JSON.test(trimBlanks(contentType))) {
        throw new ServiceError('format-invalid', { reason: 'content-type-not-json' });
      }
      const body = request.receiveBody();
      if (body instanceof Promise) return body.then((late) => keepText(request, late));
      return keepText(request, body);
    },
  };
}

function keepText(request: HttpRequest, body: string | Buffer): void {
  if (body.length === 0) throw new ServiceError('length-missing', { reason: 'empty-body' });
  if (typeof body !== 'string' && !isUtf8(body)) {
    throw new ServiceError('body-not-json', { reason: 'body-not-utf8' });
  }
  request.body = typeof body === 'string' ? body : body.toString('utf8');
}
