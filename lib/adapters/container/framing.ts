import type { IncomingMessage } from 'node:http';
import type { Reason } from '../../reasons.ts';

/**
 * What Node's parser lets pass and the contract does not. RFC 9112 §2.3: the version is 1.x; §3.2: one Host, which
 * HTTP/1.0 may leave out; §6.1: no transfer coding that we do not know, and none at all in HTTP/1.0.
 */
export function framingFlaw({ headers, httpVersion, rawHeaders }: IncomingMessage): Reason | undefined {
  const isCurrent = httpVersion === '1.1';
  if (!isCurrent && httpVersion !== '1.0') return 'http-version';
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && !(isCurrent && coding.toLowerCase() === 'chunked')) return 'transfer-coding';
  const hosts = countOf(rawHeaders, 'host');
  return hosts > 1 || (hosts === 0 && isCurrent) ? 'not-one-host' : undefined;
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) count += 1;
  }
  return count;
}
