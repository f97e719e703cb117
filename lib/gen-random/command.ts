import { ServiceError } from '../errors.ts';
import { BITS_PER_BYTE, MAX_BIT_LENGTH, MIN_BIT_LENGTH, SEQUENCE_BYTES } from '../limits.ts';

/** A request that has been checked: nothing behind the door looks at the body again. */
export interface GenerateCommand {
  /** 8 to 8192, a multiple of 8. */
  readonly bitLength: number;
  /** Exactly 36 bytes of UTF-8 where there is one; for the audit line only. */
  readonly sequence: string | undefined;
}

// One spelling for one number: no leading zero, no plus, no blank, no exponent, no fraction.
const PLAIN_DECIMAL = /^(?:0|-?[1-9][0-9]*)$/;

/**
 * Reads the body of a gen-random request: `{"random_data_length": "512" | 512, "sequence"?: string | null}`.
 * Members that are not named here are ignored.
 *
 * @param body what the JSON parser returned
 * @throws {ServiceError} `body-not-json`, `length-missing`, `length-not-integer`, `length-out-of-range`,
 *   `length-not-whole-bytes` or `sequence-invalid`, checked in this order
 */
export function parseGenerateCommand(body: unknown): GenerateCommand {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ServiceError('body-not-json');
  return {
    bitLength: parseBitLength(ownMember(body, 'random_data_length')),
    sequence: parseSequence(ownMember(body, 'sequence')),
  };
}

function ownMember(body: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(body, name)?.value;
}

function parseBitLength(value: unknown): number {
  if (value === undefined || value === null) throw new ServiceError('length-missing');
  const bitLength = typeof value === 'string' && PLAIN_DECIMAL.test(value) ? Number(value) : value;
  if (typeof bitLength !== 'number' || !isWhole(bitLength)) throw new ServiceError('length-not-integer');
  if (bitLength < MIN_BIT_LENGTH || bitLength > MAX_BIT_LENGTH) throw new ServiceError('length-out-of-range');
  if (bitLength % BITS_PER_BYTE !== 0) throw new ServiceError('length-not-whole-bytes');
  return bitLength;
}

/** Some four hundred digits are Infinity to JavaScript: a number too large, not a malformed one. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) || Math.abs(value) === Number.POSITIVE_INFINITY;
}

function parseSequence(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  // Half a surrogate pair is no UTF-8; counted, it would be a replacement character.
  if (typeof value !== 'string' || !value.isWellFormed() || Buffer.byteLength(value) !== SEQUENCE_BYTES) {
    throw new ServiceError('sequence-invalid');
  }
  return value;
}
