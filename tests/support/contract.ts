import assert from 'node:assert/strict';

/** Project of the demo user, and another one that exists too. */
export const PROJECT_ID = '0123456789abcdef0123456789abcdef';
export const OTHER_PROJECT_ID = 'ffffffffffffffffffffffffffffffff';

export const PATH = `/v1.0/${PROJECT_ID}/kms/gen-random`;

/** A fresh request id. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The contract's error table, written here a second time so that a slip in the catalogue is seen. */
export const ERROR_SENTENCES = {
  '400 KMS.0201': 'Invalid request URL.',
  '400 KMS.0202': 'Invalid JSON format of the request message.',
  '400 KMS.0203': 'Request message too long.',
  '400 KMS.0204': 'Parameters missing in the request message.',
  '400 KMS.0206': 'Invalid sequence number.',
  '400 KMS.0214': 'The request format is invalid.',
  '400 KMS.0308': 'Invalid parameter.',
  '400 KMS.1801': 'random_data_length must be in the range 8 bits to 8,192 bits.',
  '400 KMS.1802': 'random_data_length must be a multiple of 8.',
  '401 KMS.0301': 'Invalid or null X-Auth-Token.',
  '401 APIGW.0301': 'Incorrect IAM authentication information.',
  '403 KMS.0302': 'Invalid X-Auth-Token.',
  '403 KMS.0303': 'X-Auth-Token expired.',
  '403 KMS.0305': 'Invalid X-Auth-Token project name.',
  '403 KMS.0307': 'No access permissions.',
  '403 KMS.0321': 'URIs in URL and X-Auth-Token do not match.',
  '404 APIGW.0101': 'The API does not exist or has not been published in the environment.',
  '405 KMS.0215': 'Request method not supported.',
  '408 KMS.0214': 'The request format is invalid.',
  '429 APIGW.0308': 'The throttling threshold has been reached.',
  '431 KMS.0203': 'Request message too long.',
  '500 KMS.0101': 'KMS error.',
  '500 KMS.0103': 'A system exception occurred. Contact technical support.',
  '502 APIGW.0201': 'Backend unavailable.',
  '504 APIGW.0201': 'Backend timeout.',
} as const;

/** A row of the table, named by its status and its code. */
export type Refusal = keyof typeof ERROR_SENTENCES;

/** What came back, whatever carried it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const REPEATABLE: Readonly<Partial<Record<Refusal, string>>> = {
  '429 APIGW.0308': '1',
  '502 APIGW.0201': '5',
  '504 APIGW.0201': '5',
};

/** The whole answer that a row of the table stands for. */
export function refusalAnswer(refusal: Refusal, requestId: string, iamUrl: string): Answer {
  const [status, code] = refusal.split(' ');
  const retryAfter = REPEATABLE[refusal];
  return {
    status: Number(status),
    headers: {
      ...commonHeaders(requestId),
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
      ...(refusal === '405 KMS.0215' && { Allow: 'POST' }),
      ...(refusal === '401 KMS.0301' && { 'WWW-Authenticate': `Keystone uri="${iamUrl}"` }),
    },
    body: `{"error":{"error_code":"${code}","error_msg":"${ERROR_SENTENCES[refusal]}"}}`,
  };
}

/** Checks a success: 200, these headers and no other, so many bits and nothing else. */
export function assertRandom(answer: Answer, bitLength: number, requestId: string): void {
  assert.equal(answer.status, 200, answer.body);
  assert.deepEqual(answer.headers, commonHeaders(requestId));
  assert.match(answer.body, new RegExp(`^\\{"random_data":"[0-9A-F]{${bitLength / 4}}"\\}$`));
}

function commonHeaders(requestId: string): Record<string, string> {
  return {
    'Content-Type': 'application/json;charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    'X-Openstack-Request-Id': `req-${requestId}`,
  };
}
