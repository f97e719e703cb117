import { percentDecoded } from '../wire/percent-encoding.ts';
import { trimBlanks } from '../wire/white-space.ts';

/** The parts of a request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  /** As sent, percent-encoded or not, without the query. */
  readonly path: string;
  /** As `canonicalQuery` writes it. */
  readonly query: string;
  /** The signed headers and no others, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case hexadecimal digest of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * The canonical request of all Huawei schemes ("Signing algorithm", step 1): method, path, query, headers, names of the
 * signed headers and payload hash, each on a line of its own.
 */
export function canonicalRequest(parts: SignedParts): string {
  const names = Object.keys(parts.headers).toSorted(byCodeUnit);
  // Each header ends its own line, so that a blank line stands before the names.
  const headers = names.map((name) => `${name}:${trimBlanks(parts.headers[name] ?? '')}\n`).join('');
  return [parts.method, canonicalPath(parts.path), parts.query, headers, names.join(';'), parts.payloadHash].join('\n');
}

/** Every segment percent-encoded once, and a slash at the end, which the path that is sent need not have. */
function canonicalPath(path: string): string {
  const encoded = path.split('/').map((segment) => encode(percentDecoded(segment)));
  const joined = encoded.join('/');
  return joined.endsWith('/') ? joined : `${joined}/`;
}

/** @param pairs names and values, decoded */
export function canonicalQuery(pairs: readonly (readonly [name: string, value: string])[]): string {
  // By name and then by value, before they are encoded.
  const sorted = pairs.toSorted((left, right) => byCodeUnit(left[0], right[0]) || byCodeUnit(left[1], right[1]));
  return sorted.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

// RFC 3986 §2.3: only these four stay besides letters and digits; encodeURIComponent leaves five more.
const UNRESERVED = /^[0-9A-Za-z._~-]*$/;

function encode(text: string): string {
  if (UNRESERVED.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The signing rules sort by code unit; `localeCompare` would depend on the machine's ICU data. */
function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
