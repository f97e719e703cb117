import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';

/**
 * The client's address: of the connection or, behind so many trusted proxies, the entry of `X-Forwarded-For` that the
 * outermost of them appended, counted from its end. What stands before that entry anybody can write.
 *
 * @param hops proxies that append, 0 or more; with fewer entries, or where the entry is no address, the connection's
 *   counts
 */
export function clientIpOf(message: IncomingMessage, hops: number): string | undefined {
  // Node makes its map of distinct headers when it is first looked at.
  const entries = hops === 0 ? [] : (message.headersDistinct['x-forwarded-for'] ?? []).join().split(',');
  const entry = entries.at(-hops)?.trim() ?? '';
  return isIP(entry) === 0 ? addressOf(message.socket) : plain(entry);
}

/** The address of a connection whose headers nobody has read; undefined once it is gone. */
export function addressOf({ remoteAddress }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : plain(remoteAddress);
}

/** A listener on `::` sees a client of IPv4 as `::ffff:192.0.2.1` (RFC 4291 §2.5.5.2), which is no other client. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
