import type { IncomingMessage } from 'node:http';
import { MAX_DISCARDED_BYTES } from '../../limits.ts';

export interface ReceivedBody {
  /** Empty when the body is too long. */
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
}

const NOTHING = Buffer.alloc(0);

/**
 * Reads a body of at most `maxBytes`. An over-long one is reported at once and then read and thrown away, so that a client which writes
 * everything before it reads finds its answer; beyond `MAX_DISCARDED_BYTES` the connection is cut.
 *
 * @throws {Error} if the sender goes before the end
 */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<ReceivedBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve({ bytes: NOTHING, isTooLong: true });
      if (length > MAX_DISCARDED_BYTES) request.destroy();
    });
    request.on('end', () => resolve({ bytes: joined(chunks), isTooLong: false }));
    request.on('error', reject);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first = NOTHING, second] = chunks;
  return second === undefined ? first : Buffer.concat(chunks);
}
