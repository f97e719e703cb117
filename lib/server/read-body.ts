import type { IncomingMessage } from 'node:http';
import { MAX_BODY_OCTETS, MAX_DISCARDED_OCTETS } from '../limits.ts';

export interface ReadBody {
  /** Base64, so that octets which are no UTF-8 reach the check for it. Empty when the body is too long. */
  readonly text: string;
  readonly bodyTooLong: boolean;
}

/**
 * Reads a body of at most `MAX_BODY_OCTETS`. An over-long one is reported at once and then read and thrown away, so that a client
 * which writes everything before it reads finds its answer; beyond `MAX_DISCARDED_OCTETS` the connection is cut.
 *
 * @throws {Error} if the sender goes before the end
 */
export function readBody(request: IncomingMessage): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let octets = 0;
    request.on('data', (chunk: Buffer) => {
      octets += chunk.length;
      if (octets <= MAX_BODY_OCTETS) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ text: '', bodyTooLong: true });
      if (octets > MAX_DISCARDED_OCTETS) request.destroy();
    });
    request.on('end', () => resolve({ text: toBase64(chunks), bodyTooLong: false }));
    request.on('error', reject);
  });
}

function toBase64(chunks: readonly Buffer[]): string {
  const [first, second] = chunks;
  if (first === undefined) return '';
  return (second === undefined ? first : Buffer.concat(chunks)).toString('base64');
}
