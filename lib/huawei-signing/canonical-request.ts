/** The parts of a request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  /** As sent, percent-encoded or not, without the query. */
  readonly path: string;
  /** Names and values, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The signed headers and no others, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * The canonical request of Huawei's `SDK-HMAC-SHA256` ("Signing algorithm", step 1): method, path, query, headers, names of the
 * signed headers and payload hash, each on a line of its own.
 */
export function canonicalRequest(parts: SignedParts): string {
  const names = Object.keys(parts.headers).toSorted(byCodeUnit);
  // Each header ends its own line, so that a blank line stands before the names.
  const headers = names.map((name) => `${name}:${parts.headers[name]?.trim()}\n`).join('');
  return [
    parts.method,
    canonicalPath(parts.path),
    canonicalQuery(parts.query),
    headers,
    names.join(';'),
    parts.payloadHash,
  ].join('\n');
}

/** Every segment percent-encoded once, and always a slash at the end: for signing only, the path sent need not have it. */
function canonicalPath(path: string): string {
  const encoded = path.split('/').map((segment) => encode(decodeSegment(segment)));
  const joined = encoded.join('/');
  return joined.endsWith('/') ? joined : `${joined}/`;
}

function canonicalQuery(query: SignedParts['query']): string {
  // By name and then by value, before they are encoded.
  const sorted = query.toSorted((left, right) => byCodeUnit(left[0], right[0]) || byCodeUnit(left[1], right[1]));
  return sorted.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

// RFC 3986 §2.3: only these four stay besides letters and digits; encodeURIComponent leaves five more.
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The signing rules sort by code unit; `localeCompare` would depend on the machine's ICU data. */
function byCodeUnit(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
