import { canonicalRequest } from './canonical-request.ts';
import { formatSdkDate } from './sdk-date.ts';
import { digestOf, signatureOf, signingKey } from './signature.ts';

/** Keys of a user, or temporary ones of an agency. */
export interface AccessKeys {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Present with temporary keys. */
  readonly securityToken: string | undefined;
}

export interface RequestToSign {
  readonly url: URL;
  readonly body: string;
  readonly projectId: string;
  readonly keys: AccessKeys;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** @returns all headers of a POST of JSON; `Authorization`, among them, has the signature over all others */
export function signRequest({ url, body, projectId, keys, nowMs }: RequestToSign): Record<string, string> {
  const { accessKey, secretKey, securityToken } = keys;
  const sdkDate = formatSdkDate(nowMs);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: url.host,
    'x-project-id': projectId,
    // Temporary keys are known by their token only, and it is signed (AK/SK signing guide, "X-Security-Token").
    ...(securityToken === undefined ? {} : { 'x-security-token': securityToken }),
    'x-sdk-date': sdkDate,
  };
  const signer = { scheme: 'SDK-HMAC-SHA256', accessKey, scope: undefined } as const;
  const { scheme } = signer;
  const canonical = canonicalRequest({
    method: 'POST',
    path: url.pathname,
    query: '',
    headers,
    payloadHash: digestOf(scheme, body),
  });
  const names = Object.keys(headers).toSorted().join(';');
  const signature = signatureOf(canonical, signer, sdkDate, signingKey(signer, secretKey));
  return { ...headers, authorization: `${scheme} Access=${accessKey}, SignedHeaders=${names}, Signature=${signature}` };
}
