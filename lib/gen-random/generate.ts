import type { Draw, DrawEntropy } from '../entropy/draw.ts';
import { ServiceError } from '../errors.ts';
import { BITS_PER_BYTE } from '../limits.ts';
import type { GenerateCommand } from './command.ts';

/** Huawei's answer: upper-case hexadecimal, two characters a byte, `random_data_length / 4` of them. */
export interface GenerateReply {
  readonly random_data: string;
}

export interface Generated {
  readonly reply: GenerateReply;
  /** Names of the entropy sources that are in the bytes, and of those that were left out of them. */
  readonly sources: readonly string[];
  readonly omitted: readonly string[];
}

/**
 * Draws the bytes of one command and writes them as Huawei does. The bytes are zeroed once they are written.
 *
 * @param remainingMs what the platform leaves to this request, in milliseconds; absent where it sets no deadline
 * @returns at once where the draw does: local entropy costs no turn of the event loop
 * @throws {ServiceError} what the draw throws; `defect` if it returns another number of bytes than asked
 */
export function generate(
  command: GenerateCommand,
  draw: DrawEntropy,
  remainingMs?: number,
): Generated | Promise<Generated> {
  const wanted = command.bitLength / BITS_PER_BYTE;
  const drawn = draw(wanted, remainingMs);
  return drawn instanceof Promise ? drawn.then((late) => write(late, wanted)) : write(drawn, wanted);
}

function write({ bytes, sources, omitted }: Draw, wanted: number): Generated {
  if (bytes.length !== wanted) throw new ServiceError('defect', { reason: 'draw of a wrong length' });
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
  bytes.fill(0);
  return { reply: { random_data: hex }, sources, omitted };
}
