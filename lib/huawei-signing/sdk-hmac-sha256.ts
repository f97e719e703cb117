import { createHmac, hash } from 'node:crypto';
import { canonicalRequest, type SignedParts } from './canonical-request.ts';

/** The name of the scheme in `Authorization` and the first line of what is signed. */
export const SCHEME = 'SDK-HMAC-SHA256';

/** Stands in the place of the body's hash where the body is not signed. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/**
 * The signature of a request, lower-case hexadecimal ("Signing algorithm", steps 2 and 3).
 *
 * @param sdkDate the value of `X-Sdk-Date`, `YYYYMMDDTHHMMSSZ`
 */
export function signature(parts: SignedParts, sdkDate: string, secretKey: string): string {
  const stringToSign = [SCHEME, sdkDate, sha256Hex(canonicalRequest(parts))].join('\n');
  return createHmac('sha256', secretKey).update(stringToSign, 'utf8').digest('hex');
}

/** @returns lower-case hexadecimal */
export function sha256Hex(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/** Milliseconds since the epoch as `X-Sdk-Date` writes them. */
export function formatSdkDate(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

const SDK_DATE = /^([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z$/;

/** @returns milliseconds since the epoch, or NaN for anything but `YYYYMMDDTHHMMSSZ` */
export function parseSdkDate(text: string): number {
  const match = SDK_DATE.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
