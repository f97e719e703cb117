import { SCHEME } from '../../huawei-signing/sdk-hmac-sha256.ts';

/** A well-formed `Authorization: SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…`. */
export interface SignatureClaim {
  readonly accessKey: string;
  /** Lower-case names, each once. */
  readonly signedNames: readonly string[];
  /** Lower-case hexadecimal, 64 characters. */
  readonly signature: string;
}

// At the start or behind a comma: gateways join two headers of one name by a comma.
const CLAIMS_SCHEME = new RegExp(`(?:^|,)\\s*${SCHEME}(?:\\s|$)`, 'i');

/** Whether any of the values is meant as a signature, well formed or not. */
export function claimsSignature(values: readonly string[]): boolean {
  return values.some((value) => CLAIMS_SCHEME.test(value));
}

const HEADER = new RegExp(
  `^${SCHEME} +Access=([0-9A-Za-z_-]{1,128}), *SignedHeaders=([!#$%&'*+.^_\`|~0-9A-Za-z;-]{1,4096}), *Signature=([0-9a-f]{64})$`,
);

/**
 * Reads the one `Authorization` header of a signed request.
 *
 * @returns undefined for anything else: two headers, or the older scoped form with `Credential=…/date/region/service`, whose
 *   key is derived in another way
 */
export function readSignatureClaim(values: readonly string[]): SignatureClaim | undefined {
  const [value, second] = values;
  if (value === undefined || second !== undefined) return undefined;
  const [, accessKey, names, signature] = HEADER.exec(value.trim()) ?? [];
  if (accessKey === undefined || names === undefined || signature === undefined) return undefined;
  const signedNames = names.toLowerCase().split(';');
  const isPlain = signedNames.every((name) => name !== '') && new Set(signedNames).size === signedNames.length;
  return isPlain ? { accessKey, signedNames, signature } : undefined;
}
