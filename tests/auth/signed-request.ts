import assert from 'node:assert/strict';
import { type AccessKeyCredential, createSignatureVerifier } from '../../lib/auth/aksk/signature-verifier.ts';
import type { JudgedRequest, Verdict } from '../../lib/auth/verdict.ts';
import {
  formatSdkDate,
  parseSdkDate,
  sha256Hex,
  signature,
  UNSIGNED_PAYLOAD,
} from '../../lib/huawei-signing/sdk-hmac-sha256.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import type { HeaderLine } from '../support/wire-request.ts';

export const KEY = { accessKey: 'ACCESS-KEY_of-tests0', secretKey: 'Zt5&secret-key/of+tests=', projectId: PROJECT_ID };
export const OTHER_KEY = {
  accessKey: 'ACCESSKEYOFANOTHER01',
  secretKey: 'another-secret',
  projectId: OTHER_PROJECT_ID,
};

export const BODY = '{"random_data_length":"512"}';

/** A request as its sender signs it. */
export interface ToSign {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** All of them are signed, in this order; `X-Sdk-Date` is among them. */
  readonly headers: readonly HeaderLine[];
  readonly body: string | Uint8Array;
  readonly key: { readonly accessKey: string; readonly secretKey: string };
}

/** A good request of `KEY`, signed now, but for what is changed. */
export function toSign(nowMs: number, changes: Partial<ToSign> = {}): ToSign {
  const headers: readonly HeaderLine[] = [
    ['Content-Type', 'application/json'],
    ['X-Project-Id', PROJECT_ID],
    ['X-Sdk-Date', formatSdkDate(nowMs)],
  ];
  return { method: 'POST', path: PATH, query: [], headers, body: BODY, key: KEY, ...changes };
}

/** @returns the value of `Authorization` */
export function sign({ method, path, query, headers, body, key }: ToSign): string {
  const signed = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const isUnsigned = signed['x-sdk-content-sha256'] === UNSIGNED_PAYLOAD;
  const payloadHash = isUnsigned ? UNSIGNED_PAYLOAD : sha256Hex(body);
  const parts = { method, path, query, headers: signed, payloadHash };
  const value = signature(parts, signed['x-sdk-date'] ?? '', key.secretKey);
  const names = Object.keys(signed).toSorted().join(';');
  return `SDK-HMAC-SHA256 Access=${key.accessKey}, SignedHeaders=${names}, Signature=${value}`;
}

/** The moment that a request was signed, in milliseconds since the epoch. */
export function signedAtMs({ headers }: ToSign): number {
  return parseSdkDate(headers.find(([name]) => name === 'X-Sdk-Date')?.[1] ?? '');
}

/** A verdict on a request whose body is there. */
export function verdictOf(
  keys: readonly AccessKeyCredential[],
  nowMs: number,
  request: JudgedRequest,
  projectId: string = PROJECT_ID,
): Verdict {
  const verdict = createSignatureVerifier(keys, () => nowMs)(request, projectId);
  assert(!(verdict instanceof Promise));
  return verdict;
}
