import { timingSafeEqual } from 'node:crypto';
import { parseSdkDate, sha256Hex, signature, UNSIGNED_PAYLOAD } from '../../huawei-signing/sdk-hmac-sha256.ts';
import { SIGNATURE_SKEW_MS } from '../../limits.ts';
import { rejected, type Verdict } from '../verdict.ts';
import { readSignatureClaim, type SignatureClaim } from './authorization.ts';

/** One entry of `AKSK_CREDENTIALS`. */
export interface AccessKeyCredential {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly projectId: string;
}

/** A request as far as its signature covers it. */
export interface SignedRequest {
  readonly method: string;
  /** As the client may have signed it, without the query: as sent, and as it is without a gateway's stage or base path. */
  readonly paths: readonly string[];
  /** Names and values of the query, decoded. */
  query(): readonly (readonly [name: string, value: string])[];
  /** The project id in the path. */
  readonly projectId: string;
  /** All values of a header, by its lower-case name. */
  headerValues(name: string): readonly string[];
  /** @throws {ServiceError} `body-too-long` */
  bodyBytes(): Uint8Array;
}

export type VerifySignature = (request: SignedRequest) => Verdict;

/**
 * Judges `SDK-HMAC-SHA256` signatures by configured keys: which headers are signed is taken from the request, for no two of Huawei's
 * SDKs sign the same ones; `X-Sdk-Date` must be among them and within 15 minutes of now.
 *
 * @param now milliseconds since the epoch
 */
export function createSignatureVerifier(
  credentials: readonly AccessKeyCredential[],
  now: () => number,
): VerifySignature {
  const byAccessKey = new Map(credentials.map((credential) => [credential.accessKey, credential]));
  return (request) => {
    const claim = readSignatureClaim(request.headerValues('authorization'));
    if (claim === undefined) return rejected('malformed-signature');
    const headers = signedHeaders(request, claim.signedHeaders);
    const sdkDate = headers?.['x-sdk-date'];
    if (headers === undefined || sdkDate === undefined) return rejected('malformed-signature');
    if (!isWithinSkew(parseSdkDate(sdkDate), now())) return rejected('signature-out-of-date');
    if (!agreesOnProject(request)) return rejected('signature-of-another-project');
    const credential = byAccessKey.get(claim.accessKey);
    // An unknown key costs as much as a wrong signature, so that time tells nobody which keys exist.
    const secretKey = credential?.secretKey ?? claim.accessKey;
    const parts = { ...partsOf(request), headers };
    const isRight = request.paths.some((path) => isEqual(signature({ ...parts, path }, sdkDate, secretKey), claim));
    if (!isRight || credential === undefined) return rejected('wrong-signature');
    const { projectId, accessKey } = credential;
    const principal = { projectId, userId: undefined, accessKey, roles: undefined };
    return { outcome: 'accepted', principal, expiresAtMs: Number.POSITIVE_INFINITY };
  };
}

function signedHeaders(request: SignedRequest, names: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = Object.create(null);
  for (const name of names) {
    const [value, second] = request.headerValues(name);
    if (value === undefined || second !== undefined) return undefined;
    headers[name] = value;
  }
  return headers;
}

function partsOf(request: SignedRequest) {
  const { method } = request;
  const isUnsigned = request.headerValues('x-sdk-content-sha256').includes(UNSIGNED_PAYLOAD);
  return {
    method,
    query: request.query(),
    payloadHash: isUnsigned ? UNSIGNED_PAYLOAD : sha256Hex(request.bodyBytes()),
  };
}

/** False for a date that is none. */
function isWithinSkew(dateMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - dateMs) <= SIGNATURE_SKEW_MS;
}

function agreesOnProject(request: SignedRequest): boolean {
  return request.headerValues('x-project-id').every((value) => value.trim() === request.projectId);
}

function isEqual(expected: string, claim: SignatureClaim): boolean {
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(claim.signature, 'latin1'));
}
