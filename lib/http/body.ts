import { ServiceError } from '../errors.ts';
import { MAX_BODY_BYTES } from '../limits.ts';
import type { HttpEvent } from './http-request.ts';

/**
 * The bytes of a body that no parser has seen yet; none if there is no body.
 *
 * @throws {ServiceError} `body-too-long`
 */
export function bodyBytes({ body, isBase64Encoded, bodyTooLong }: HttpEvent): Buffer {
  if (bodyTooLong) throw new ServiceError('body-too-long');
  if (Buffer.isBuffer(body)) return body;
  if (typeof body !== 'string') return Buffer.alloc(0);
  // Four characters of base64 are three bytes: an over-long body is not decoded to find that out.
  if (body.length > (MAX_BODY_BYTES * 4) / 3 + 4) throw new ServiceError('body-too-long');
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) throw new ServiceError('body-too-long');
  return bytes;
}
