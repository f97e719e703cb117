import type { IncomingMessage } from 'node:http';
import type { Reason } from '../../reasons.ts';

/** What Node's parser lets pass and the contract does not. RFC 9112 §3.2 asks for one Host, §6.1 for codings that we know. */
export function framingFlaw(request: IncomingMessage): Reason | undefined {
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return 'transfer-coding';
  if (request.httpVersion === '1.1' && countOf(request, 'host') !== 1) return 'not-one-host';
  return undefined;
}

function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const text = rawHeaders[index];
    if (text?.length === name.length && text.toLowerCase() === name) count += 1;
  }
  return count;
}
