import assert from 'node:assert/strict';
import { type AccessKeyCredential, createSignatureVerifier } from '../../lib/auth/aksk/signature-verifier.ts';
import type { JudgedRequest, Verdict } from '../../lib/auth/verdict.ts';
import { canonicalQuery, canonicalRequest } from '../../lib/huawei-signing/canonical-request.ts';
import { formatSdkDate, parseSdkDate } from '../../lib/huawei-signing/sdk-date.ts';
import {
  digestOf,
  SCHEMES,
  type Scheme,
  signatureOf,
  signingKey,
  UNSIGNED_PAYLOAD,
} from '../../lib/huawei-signing/signature.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from './contract.ts';
import type { HeaderLine, WireOptions } from './wire-request.ts';

export const KEY = { accessKey: 'ACCESS-KEY_of-tests0', secretKey: 'Zt5&secret-key/of+tests=', projectId: PROJECT_ID };
export const OTHER_KEY = {
  accessKey: 'ACCESSKEYOFANOTHER01',
  secretKey: 'another-secret',
  projectId: OTHER_PROJECT_ID,
};

/** As the variable has them. */
export const AKSK_CREDENTIALS = JSON.stringify(
  [KEY, OTHER_KEY].map(({ accessKey, secretKey, projectId }) => ({
    access_key: accessKey,
    secret_key: secretKey,
    project_id: projectId,
  })),
);

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
  /** Default: `SDK-HMAC-SHA256`. */
  readonly scheme?: Scheme;
  /** With `Credential=<key>/<scope>` in the place of `Access=<key>`. */
  readonly scope?: string;
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
export function sign(request: ToSign): string {
  const { method, path, query, headers, body, key, scheme = 'SDK-HMAC-SHA256', scope } = request;
  const signed = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const isUnsigned = signed[SCHEMES[scheme].contentHeader] === UNSIGNED_PAYLOAD;
  const payloadHash = isUnsigned ? UNSIGNED_PAYLOAD : digestOf(scheme, body);
  const canonical = canonicalRequest({ method, path, query: canonicalQuery(query), headers: signed, payloadHash });
  const signer = { scheme, accessKey: key.accessKey, scope };
  const value = signatureOf(canonical, signer, signed['x-sdk-date'] ?? '', signingKey(signer, key.secretKey));
  const credential = scope === undefined ? `Access=${key.accessKey}` : `Credential=${key.accessKey}/${scope}`;
  return `${scheme} ${credential}, SignedHeaders=${Object.keys(signed).toSorted().join(';')}, Signature=${value}`;
}

/** Everything that is signed, and the signature. */
export function signedHeaders(changes: Partial<ToSign> = {}, nowMs = Date.now()): Record<string, string> {
  const request = toSign(nowMs, changes);
  return { ...Object.fromEntries(request.headers), Authorization: sign(request) };
}

/** The request as it is sent: everything that is signed, and the signature. */
export function sent(changes: Partial<ToSign> = {}, authorization = (value: string) => value): WireOptions {
  const request = toSign(Date.now(), changes);
  const { method, path, query, headers, body } = request;
  const credential: HeaderLine = ['Authorization', authorization(sign(request))];
  return { method, path, query: writtenQuery(query), contentType: undefined, headers: [...headers, credential], body };
}

export function writtenQuery(pairs: ToSign['query']): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
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
