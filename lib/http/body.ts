import { ServiceError } from '../errors.ts';
import { MAX_BODY_OCTETS } from '../limits.ts';
import type { HttpEvent } from './exchange.ts';

/**
 * The octets of a body that no parser has seen yet; none if there is no body.
 *
 * @throws {ServiceError} `body-too-long`
 */
export function bodyOctets({ body, isBase64Encoded, bodyTooLong }: HttpEvent): Buffer {
  if (bodyTooLong) throw new ServiceError('body-too-long');
  if (Buffer.isBuffer(body)) return body;
  if (typeof body !== 'string') return Buffer.alloc(0);
  // Four characters of base64 are three octets: an over-long body is not decoded to find that out.
  if (body.length > (MAX_BODY_OCTETS * 4) / 3 + 4) throw new ServiceError('body-too-long');
  const octets = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (octets.length > MAX_BODY_OCTETS) throw new ServiceError('body-too-long');
  return octets;
}
