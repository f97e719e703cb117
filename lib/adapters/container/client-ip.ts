import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

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
  return isIP(entry) === 0 ? message.socket.remoteAddress : entry;
}
