import { MAX_TOKEN_CHARACTERS } from '../limits.ts';
import { trimBlanks } from '../wire/white-space.ts';

// Printable ASCII without the comma: gateways and Node join two headers of one name by a comma.
const TOKEN = /^[\x20-\x2b\x2d-\x7e]+$/;

export type TokenReading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'token'; readonly token: string };

/**
 * Reads the one `X-Auth-Token` of a request: outer white space trimmed, printable ASCII, at most 32 KiB.
 *
 * @param values every value that the request has under that name
 */
export function readToken(values: readonly string[]): TokenReading {
  const [value, second] = values;
  if (value === undefined) return { kind: 'absent' };
  if (second !== undefined) return { kind: 'malformed' };
  const token = trimBlanks(value);
  if (token.length > MAX_TOKEN_CHARACTERS || !TOKEN.test(token)) return { kind: 'malformed' };
  return { kind: 'token', token };
}
