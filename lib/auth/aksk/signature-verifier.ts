import { timingSafeEqual } from 'node:crypto';
import { canonicalQuery } from '../../huawei-signing/canonical-request.ts';
import { parseSdkDate } from '../../huawei-signing/sdk-date.ts';
import { digestOf, SCHEMES, type Scheme, UNSIGNED_PAYLOAD } from '../../huawei-signing/signature.ts';
import { SIGNATURE_SKEW_MS } from '../../limits.ts';
import { trimBlanks } from '../../wire/white-space.ts';
import { type JudgedRequest, rejected, type Verdict } from '../verdict.ts';
import { readSignatureClaim, type SignatureClaim } from './authorization.ts';
import { type PossibleParts, possibleSignatures } from './possible-signatures.ts';

/** One entry of `AKSK_CREDENTIALS`. */
export interface AccessKeyCredential {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly projectId: string;
}

/** @param projectId the one in the path */
export type VerifySignature = (request: JudgedRequest, projectId: string) => Verdict | Promise<Verdict>;

/**
 * Judges signatures by configured keys: which headers are signed is taken from the request, for no two of Huawei's SDKs
 * sign the same ones; `X-Sdk-Date` must be among them, within 15 minutes of now and on the day of a scope.
 *
 * @param now milliseconds since the epoch
 */
export function createSignatureVerifier(
  credentials: readonly AccessKeyCredential[],
  now: () => number,
): VerifySignature {
  const byAccessKey = new Map(credentials.map((credential) => [credential.accessKey, credential]));

  function compare(claim: SignatureClaim, sdkDate: string, parts: PossibleParts): Verdict {
    const credential = byAccessKey.get(claim.accessKey);
    // An unknown key costs as much as a wrong signature, so that time tells nobody which keys exist.
    const secretKey = credential?.secretKey ?? claim.accessKey;
    const matches = possibleSignatures(parts, claim, sdkDate, secretKey).map((possible) => isEqual(possible, claim));
    if (!matches.includes(true) || credential === undefined) return rejected('wrong-signature');
    const { projectId, accessKey } = credential;
    const principal = { projectId, userId: undefined, accessKey, roles: undefined };
    return { outcome: 'accepted', principal, expiresAtMs: Number.POSITIVE_INFINITY };
  }

  return (request, projectId) => {
    const claim = readSignatureClaim(request.headerValues('authorization'));
    const headers = claim && valuesOf(request, claim.signedNames);
    const sdkDate = headers?.['x-sdk-date'];
    if (claim === undefined || headers === undefined || sdkDate === undefined) return rejected('malformed-signature');
    if (!isWithinSkew(parseSdkDate(sdkDate), now())) return rejected('signature-out-of-date');
    if (!isOfDay(claim.scope, sdkDate)) return rejected('signature-of-another-day');
    if (!agreesOnProject(request, projectId)) return rejected('signature-of-another-project');
    const { method, signedPaths: paths } = request;
    const parts = { method, paths, query: canonicalQuery(request.query()), headers };
    const payloadHash = payloadHashOf(request, claim.scheme);
    return payloadHash instanceof Promise
      ? payloadHash.then((late) => compare(claim, sdkDate, { ...parts, payloadHash: late }))
      : compare(claim, sdkDate, { ...parts, payloadHash });
  };
}

/** @returns undefined unless the request has each name exactly once */
function valuesOf(request: JudgedRequest, names: readonly string[]): Record<string, string> | undefined {
  const headers: Record<string, string> = Object.create(null);
  for (const name of names) {
    const [value, second] = request.headerValues(name);
    if (value === undefined || second !== undefined) return undefined;
    headers[name] = value;
  }
  return headers;
}

function payloadHashOf(request: JudgedRequest, scheme: Scheme): string | Promise<string> {
  if (request.headerValues(SCHEMES[scheme].contentHeader).includes(UNSIGNED_PAYLOAD)) return UNSIGNED_PAYLOAD;
  const body = request.receiveBody();
  return body instanceof Promise ? body.then((late) => digestOf(scheme, late)) : digestOf(scheme, body);
}

/** False for a date that is none. */
function isWithinSkew(dateMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - dateMs) <= SIGNATURE_SKEW_MS;
}

function isOfDay(scope: string | undefined, sdkDate: string): boolean {
  return scope === undefined || scope.slice(0, 8) === sdkDate.slice(0, 8);
}

function agreesOnProject(request: JudgedRequest, projectId: string): boolean {
  return request.headerValues('x-project-id').every((value) => trimBlanks(value) === projectId);
}

function isEqual(expected: string, claim: SignatureClaim): boolean {
  return timingSafeEqual(Buffer.from(expected, 'latin1'), Buffer.from(claim.signature, 'latin1'));
}
