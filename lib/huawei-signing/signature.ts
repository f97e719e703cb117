import { createHmac, hash, hkdfSync } from 'node:crypto';

interface SchemeRules {
  readonly digest: 'sha256' | 'sm3';
  /** The header that says `UNSIGNED-PAYLOAD`. */
  readonly contentHeader: string;
}

/** The schemes that this service knows, by their names in `Authorization`. */
export const SCHEMES = {
  'SDK-HMAC-SHA256': { digest: 'sha256', contentHeader: 'x-sdk-content-sha256' },
  'SDK-HMAC-SM3': { digest: 'sm3', contentHeader: 'x-sdk-content-sm3' },
  'V11-HMAC-SHA256': { digest: 'sha256', contentHeader: 'x-sdk-content-sha256' },
} as const satisfies Record<string, SchemeRules>;

export type Scheme = keyof typeof SCHEMES;

/** Stands in the place of the body's hash where the body is not signed. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** What a signature is made with, besides the secret key. */
export interface Signer {
  readonly scheme: Scheme;
  readonly accessKey: string;
  /** What the key is derived for, `20250806/region/service` for example. Undefined: the secret is the key. */
  readonly scope: string | undefined;
}

/**
 * The key of a signer's signatures, a character for a byte: as a Buffer each would cost `createHmac` 30 µs.
 *
 * @param secretKey its text is the key's bytes in UTF-8
 */
export function signingKey({ scheme, accessKey, scope }: Signer, secretKey: string): string {
  if (scope === undefined) return bytesOf(secretKey);
  if (scheme === 'V11-HMAC-SHA256') {
    // RFC 5869; the SDKs use the derived bytes as hexadecimal text.
    return Buffer.from(hkdfSync('sha256', secretKey, accessKey, scope, 32)).toString('hex');
  }
  return scope.split('/').reduce((key, part) => hmac(scheme, key, part, 'binary'), bytesOf(`SDK${secretKey}`));
}

/**
 * The signature of a request, lower-case hexadecimal ("Signing algorithm", steps 2 and 3).
 *
 * @param canonical the canonical request; text is taken as UTF-8
 * @param sdkDate the value of `X-Sdk-Date`, `YYYYMMDDTHHMMSSZ`
 * @param key of `signingKey`
 */
export function signatureOf(canonical: string | Buffer, signer: Signer, sdkDate: string, key: string): string {
  const { scheme, scope } = signer;
  const lines = scope === undefined ? [scheme, sdkDate] : [scheme, sdkDate, scope];
  return hmac(scheme, key, [...lines, digestOf(scheme, canonical)].join('\n'), 'hex');
}

/** @returns lower-case hexadecimal */
export function digestOf(scheme: Scheme, content: string | Uint8Array): string {
  return hash(SCHEMES[scheme].digest, content, 'hex');
}

function hmac(scheme: Scheme, key: string, text: string, output: 'hex' | 'binary'): string {
  return createHmac(SCHEMES[scheme].digest, key, { encoding: 'latin1' }).update(text, 'utf8').digest(output);
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
