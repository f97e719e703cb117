import type { IncomingMessage } from 'node:http';

/** What Node's parser lets pass and the contract does not. RFC 9112 §3.2 asks for one Host, §6.1 for codings that we know. */
export function framingFlaw(request: IncomingMessage): string | undefined {
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') return 'transfer coding other than chunked';
  if (request.httpVersion === '1.1' && countOf(request, 'host') !== 1) return 'not exactly one Host';
  return undefined;
}

function countOf({ rawHeaders }: IncomingMessage, name: string): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
