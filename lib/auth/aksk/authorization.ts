import type { Scheme, Signer } from '../../huawei-signing/signature.ts';
import { MAX_SIGNED_NAMES } from '../../limits.ts';
import { trimBlanks } from '../../wire/white-space.ts';

/** A well-formed `Authorization: <scheme> <credential>, SignedHeaders=…, Signature=…`. */
export interface SignatureClaim extends Signer {
  /** Lower-case names, each once, at most 64. */
  readonly signedNames: readonly string[];
  /** Lower-case hexadecimal, 64 characters. */
  readonly signature: string;
}

// At the start or behind a comma: gateways join two headers of one name by a comma.
const CLAIMS_SCHEME = /(?:^|,)\s*(?:SDK|V11)-/i;

/** Whether any of the values is meant as a signature of a Huawei scheme, whichever it is and well formed or not. */
export function claimsSignature(values: readonly string[]): boolean {
  return values.some((value) => CLAIMS_SCHEME.test(value));
}

const NAMES = "([!#$%&'*+.^_`|~0-9A-Za-z;-]{1,4096})";
const HEADER = new RegExp(`^([0-9A-Z-]{1,32}) +([^ ,]{1,512}), *SignedHeaders=${NAMES}, *Signature=([0-9a-f]{64})$`);

const KEY = '([0-9A-Za-z_-]{1,128})';
// A day, a region and a service; the last two may be empty, and are not compared with anything.
const SCOPE = '[0-9]{8}/[!-+.0-~-]{0,64}/[!-+.0-~-]{0,64}';

/** What each scheme names its key by. One that is missing here is refused. */
const CREDENTIALS: readonly (readonly [scheme: Scheme, form: RegExp])[] = [
  ['SDK-HMAC-SHA256', new RegExp(`^Access=${KEY}$`)],
  ['SDK-HMAC-SHA256', new RegExp(`^Credential=${KEY}/(${SCOPE}/sdk_request)$`)],
  ['SDK-HMAC-SM3', new RegExp(`^Access=${KEY}$`)],
  ['V11-HMAC-SHA256', new RegExp(`^Credential=${KEY}/(${SCOPE})$`)],
];

/**
 * Reads the one `Authorization` header of a signed request.
 *
 * @returns undefined for anything else: two headers, a scheme that is not verified, more than 64 signed names
 */
export function readSignatureClaim(values: readonly string[]): SignatureClaim | undefined {
  const [value, second] = values;
  if (value === undefined || second !== undefined) return undefined;
  const [, scheme, credential, names, signature] = HEADER.exec(trimBlanks(value)) ?? [];
  if (credential === undefined || names === undefined || signature === undefined) return undefined;
  const signer = readSigner(scheme, credential);
  const signedNames = names.toLowerCase().split(';');
  return signer && arePlain(signedNames) ? { ...signer, signedNames, signature } : undefined;
}

function readSigner(scheme: string | undefined, credential: string): Signer | undefined {
  for (const [known, form] of CREDENTIALS) {
    const [, accessKey, scope] = (known === scheme && form.exec(credential)) || [];
    if (accessKey !== undefined) return { scheme: known, accessKey, scope };
  }
  return undefined;
}

function arePlain(names: readonly string[]): boolean {
  return names.length <= MAX_SIGNED_NAMES && !names.includes('') && new Set(names).size === names.length;
}
