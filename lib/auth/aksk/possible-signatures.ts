import { canonicalRequest, type SignedParts } from '../../huawei-signing/canonical-request.ts';
import { type Signer, signatureOf, signingKey } from '../../huawei-signing/signature.ts';

/** A request as its client may have signed it. */
export interface PossibleParts extends Omit<SignedParts, 'path'> {
  /** Each once. */
  readonly paths: readonly string[];
}

/**
 * The signatures that a request may carry, were it signed with this secret: one for each path, for the host with and
 * without its port and for each reading of the headers. Their number, at most four for a path, depends on the request
 * alone, and all are made, so that time tells nobody which keys exist.
 *
 * @param sdkDate the value of `X-Sdk-Date`
 */
export function possibleSignatures(
  { paths, ...parts }: PossibleParts,
  signer: Signer,
  sdkDate: string,
  secretKey: string,
): readonly string[] {
  const key = signingKey(signer, secretKey);
  const headerLists = signedHosts(parts.headers, signer);
  return paths
    .flatMap((path) => headerLists.map((headers) => canonicalRequest({ ...parts, path, headers })))
    .flatMap(readings)
    .map((canonical) => signatureOf(canonical, signer, sdkDate, key));
}

/** SDKs that send a scope ending in `sdk_request` sign the host without its port, whatever their HTTP client sends. */
function signedHosts(headers: SignedParts['headers'], { scope }: Signer): readonly SignedParts['headers'][] {
  const { host } = headers;
  const bare = host?.replace(/:[0-9]+$/, '');
  const isOlder = scope?.endsWith('/sdk_request') === true;
  return isOlder && bare !== undefined && bare !== host ? [headers, { ...headers, host: bare }] : [headers];
}

const BEYOND_ASCII = /[\u0080-\uffff]/;
const BEYOND_LATIN_1 = /[\u0100-\uffff]/;

/**
 * Node hands over each byte of a header as one character. Clients sign their text as UTF-8 and send it as UTF-8, so
 * that the bytes as they came are what was signed, or as Latin-1, so that the characters are. A platform that decodes
 * UTF-8 itself hands over the text.
 */
function readings(canonical: string): readonly (string | Buffer)[] {
  const isBytes = BEYOND_ASCII.test(canonical) && !BEYOND_LATIN_1.test(canonical);
  return isBytes ? [canonical, Buffer.from(canonical, 'latin1')] : [canonical];
}
