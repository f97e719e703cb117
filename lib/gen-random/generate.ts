import type { Draw, DrawEntropy } from '../entropy/draw.ts';
import { ServiceError } from '../errors.ts';
import { BITS_PER_BYTE } from '../limits.ts';
import type { Trail } from '../telemetry/audit-line.ts';
import { parseGenerateCommand } from './command.ts';

/** Huawei's answer: upper-case hexadecimal, two characters a byte, `random_data_length / 4` of them. */
export interface GenerateReply {
  readonly random_data: string;
}

export interface GenerateOptions {
  readonly draw: DrawEntropy;
  /** Is told the length and the sequence, and then the sources that are in the bytes and those that were left out. */
  readonly trail: Trail;
  /** Milliseconds of a clock that is never set back. */
  readonly monotonicMs: () => number;
  /** Milliseconds that the platform leaves for the draw; absent where it sets no deadline. */
  readonly remainingMs?: number | undefined;
}

/**
 * The use case: checks the body of one request, draws its bytes and writes them as Huawei does. The bytes are zeroed
 * once they are written.
 *
 * @param body what the JSON parser returned
 * @returns at once where the draw does: local entropy costs no turn of the event loop
 * @throws {ServiceError} what the parser of the command and the draw throw; `defect` for a draw of another length than
 *   asked
 */
export function generate(body: unknown, options: GenerateOptions): GenerateReply | Promise<GenerateReply> {
  const { draw, trail, monotonicMs, remainingMs } = options;
  const { bitLength, sequence } = parseGenerateCommand(body);
  trail.bitLength = bitLength;
  trail.sequence = sequence;
  const wanted = bitLength / BITS_PER_BYTE;
  const startedAtMs = monotonicMs();
  const end = (): void => {
    trail.entropyMs = monotonicMs() - startedAtMs;
  };
  const drawn = draw(wanted, remainingMs);
  if (drawn instanceof Promise) return drawn.finally(end).then((late) => write(late, wanted, trail));
  end();
  return write(drawn, wanted, trail);
}

function write({ bytes, sources, omitted }: Draw, wanted: number, trail: Trail): GenerateReply {
  if (bytes.length !== wanted) throw new ServiceError('defect', { detail: 'a draw of a wrong length' });
  trail.sources = sources;
  trail.omitted = omitted;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
  bytes.fill(0);
  return { random_data: hex };
}
