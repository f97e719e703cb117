import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../errors.ts';
import { bodyBytes } from './body.ts';
import { type HttpEvent, headerValues, type Middleware } from './http-request.ts';

// RFC 9110 §8.3.1: optional white space around the semicolon of a parameter; type and subtype in any case.
const APPLICATION_JSON = /^application\/json[ \t]*(?:;|$)/i;

/**
 * Content type, length and encoding of the body, before the JSON parser sees it: the parser takes `application/vnd.x+json`,
 * refuses `application/json ;charset=utf-8` and decodes bad UTF-8 with losses.
 */
export function requireJson(): Middleware {
  return {
    before({ event }) {
      const [contentType, second] = headerValues(event, 'content-type');
      if (contentType === undefined || second !== undefined || !APPLICATION_JSON.test(contentType.trim())) {
        throw new ServiceError('format-invalid', { reason: 'content type is not application/json' });
      }
      event.body = readText(event);
      event.isBase64Encoded = false;
    },
  };
}

function readText(event: HttpEvent): string {
  const bytes = bodyBytes(event);
  if (bytes.length === 0) throw new ServiceError('length-missing', { reason: 'empty body' });
  // Text that the platform decoded is text already.
  if (typeof event.body === 'string' && !event.isBase64Encoded) return event.body;
  if (!isUtf8(bytes)) throw new ServiceError('body-not-json', { reason: 'body is not UTF-8' });
  return bytes.toString('utf8');
}
