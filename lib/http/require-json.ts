import { isUtf8 } from 'node:buffer';
import { ServiceError } from '../errors.ts';
import { MAX_BODY_OCTETS } from '../limits.ts';
import type { HttpEvent, Middleware } from './exchange.ts';

// RFC 9110 §8.3.1: optional white space around the semicolon of a parameter; type and subtype in any case.
const APPLICATION_JSON = /^application\/json[ \t]*(?:;|$)/i;

/**
 * Content type, length and encoding of the body, before the JSON parser sees it: the parser takes `application/vnd.x+json`,
 * refuses `application/json ;charset=utf-8` and decodes bad UTF-8 with losses.
 */
export function requireJson(): Middleware {
  return {
    before({ event }) {
      const contentType = event.headers['content-type'];
      if (typeof contentType !== 'string' || !APPLICATION_JSON.test(contentType.trim())) {
        throw new ServiceError('format-invalid', { reason: 'content type is not application/json' });
      }
      event.body = readText(event);
      event.isBase64Encoded = false;
    },
  };
}

function readText(event: HttpEvent): string {
  const { body } = event;
  if (event.bodyTooLong) throw new ServiceError('body-too-long');
  if (typeof body !== 'string' || body === '') throw new ServiceError('length-missing', { reason: 'empty body' });
  // Four characters of base64 are three octets: an over-long body is not decoded to find that out.
  if (body.length > (MAX_BODY_OCTETS * 4) / 3 + 4) throw new ServiceError('body-too-long');
  const octets = Buffer.from(body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (octets.length > MAX_BODY_OCTETS) throw new ServiceError('body-too-long');
  if (!event.isBase64Encoded) return body;
  if (!isUtf8(octets)) throw new ServiceError('body-not-json', { reason: 'body is not UTF-8' });
  return octets.toString('utf8');
}
