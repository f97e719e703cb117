import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Dialect, WrittenAnswer } from './kms-backend.ts';

export const HUAWEI_PROJECT_ID = '0123456789abcdef0123456789ABCDEF';
export const HUAWEI_KEYS = {
  accessKey: 'QTWAOYTTINDUT2QVKYUC',
  secretKey: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc',
  securityToken: 'a-security-token-of-the-agency',
};

/** The configuration of a service that draws from it. */
export const huaweiVariables = (origin: string) => ({
  ENTROPY_SOURCES: 'node-crypto,huawei-kms',
  HUAWEI_KMS_URL: origin,
  HUAWEI_KMS_PROJECT_ID: HUAWEI_PROJECT_ID,
  HUAWEI_ACCESS_KEY: HUAWEI_KEYS.accessKey,
  HUAWEI_SECRET_KEY: HUAWEI_KEYS.secretKey,
  HUAWEI_SECURITY_TOKEN: HUAWEI_KEYS.securityToken,
});

const PATH = `/v1.0/${HUAWEI_PROJECT_ID}/kms/gen-random`;
const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=(\w+), SignedHeaders=([a-z;-]+), Signature=([0-9a-f]{64})$/;

/** Gen-random of Huawei's KMS, which checks the signature of every request. */
export const huaweiDialect: Dialect = {
  refuse(request, body) {
    if (request.method !== 'POST' || request.url !== PATH) return error(404, 'APIGW.0101', 'no such API');
    if (!hasRightSignature(request, body)) return error(401, 'APIGW.0301', 'Incorrect IAM authentication information.');
    return undefined;
  },
  bytesWanted: (body) => Number(JSON.parse(body.toString()).random_data_length) / 8,
  good: (bytes) => JSON.stringify({ random_data: bytes.toString('hex').toUpperCase() }),
  withoutBytes: '{}',
  throttled: error(429, 'APIGW.0308', 'The throttling threshold has been reached.'),
  serverError: error(500, 'KMS.0101', 'KMS error.'),
  accessDenied: error(403, 'KMS.0307', 'No access permissions.'),
};

function error(status: number, code: string, message: string): WrittenAnswer {
  return { status, body: JSON.stringify({ error: { error_code: code, error_msg: message } }) };
}

/** Worked out here anew ("AK/SK signing guide", steps 1 to 4). */
function hasRightSignature(request: IncomingMessage, body: Buffer): boolean {
  const [, accessKey, names = '', given] = AUTHORIZATION.exec(String(request.headers.authorization)) ?? [];
  const { headers } = request;
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = ['POST', `${PATH}/`, '', lines.join(''), names, sha256(body)].join('\n');
  const text = ['SDK-HMAC-SHA256', headers['x-sdk-date'], sha256(canonical)].join('\n');
  const expected = createHmac('sha256', HUAWEI_KEYS.secretKey).update(text).digest('hex');
  const isWhole = ['host', 'x-project-id', 'x-sdk-date', 'x-security-token'].every((name) => names.includes(name));
  const isOurs = accessKey === HUAWEI_KEYS.accessKey && headers['x-security-token'] === HUAWEI_KEYS.securityToken;
  return isOurs && isWhole && given === expected;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
