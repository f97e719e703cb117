import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Dialect, WrittenAnswer } from './kms-backend.ts';

export const AWS_ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'a-session-token-of-the-role',
  // Whatever the machine has of its own stays out.
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** AWS takes a signature whose date is within five minutes of its own clock. */
const SKEW_MS = 5 * 60_000;

/** KMS GenerateRandom (JSON 1.1), which checks the signature of every request. */
export const awsDialect: Dialect = {
  refuse(request, body, nowMs) {
    const { method, url, headers } = request;
    const isCall =
      method === 'POST' &&
      url === '/' &&
      headers['x-amz-target'] === 'TrentService.GenerateRandom' &&
      headers['content-type'] === 'application/x-amz-json-1.1';
    if (!isCall) return error(400, 'UnknownOperationException', 'not GenerateRandom');
    if (headers['x-amz-security-token'] !== AWS_ENVIRONMENT.AWS_SESSION_TOKEN) {
      return error(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    const date = String(headers['x-amz-date']);
    if (!hasRightSignature(request, body, date)) return error(400, 'InvalidSignatureException', 'wrong signature');
    const isCurrent = Math.abs(parseAmzDate(date) - nowMs) <= SKEW_MS;
    return isCurrent ? undefined : error(400, 'InvalidSignatureException', `Signature expired: ${date}`);
  },
  bytesWanted: (body) => JSON.parse(body.toString()).NumberOfBytes,
  good: (bytes) => JSON.stringify({ Plaintext: bytes.toString('base64') }),
  withoutBytes: '{}',
  // KMS throttles with 400, not with 429.
  throttled: error(400, 'ThrottlingException', 'You have exceeded the rate at which you may call KMS.'),
  serverError: error(500, 'KMSInternalException', 'internal'),
  accessDenied: error(400, 'AccessDeniedException', 'not authorized to perform: kms:GenerateRandom'),
};

function error(status: number, type: string, message: string): WrittenAnswer {
  return { status, body: JSON.stringify({ __type: type, message }) };
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/** Signature Version 4, worked out here anew ("Create a signed AWS API request", steps 1 to 4). */
function hasRightSignature(request: IncomingMessage, body: Buffer, date: string): boolean {
  const [, keyId, scope = '', names = '', given] = AUTHORIZATION.exec(String(request.headers.authorization)) ?? [];
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION } = AWS_ENVIRONMENT;
  if (keyId !== AWS_ACCESS_KEY_ID || scope !== `${date.slice(0, 8)}/${AWS_REGION}/kms/aws4_request`) return false;
  const lines = names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${AWS_SECRET_ACCESS_KEY}`);
  return hmac(key, text).toString('hex') === given && ['host', 'x-amz-date'].every((name) => names.includes(name));
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function parseAmzDate(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
