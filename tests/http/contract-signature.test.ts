import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { type Row, shown, testRows } from '../support/contract-rows.ts';
import { startService } from '../support/running-service.ts';
import { ACCESS_KEY, CREDENTIAL, signed } from '../support/signed-request.ts';
import type { HeaderLine, WireOptions } from '../support/wire-request.ts';

const both = await startService({ AUTH_METHODS: 'iam,aksk', AKSK_CREDENTIALS: JSON.stringify([CREDENTIAL]) });
const { TOKEN } = both.iam.tokens;

const SIGNATURE_REFUSED = '401 APIGW.0301';
const CREDENTIAL_MISSING = '401 KMS.0301';
const QUARTER_MS = 15 * 60 * 1000;
const UNSIGNED: HeaderLine = ['X-Sdk-Content-Sha256', 'UNSIGNED-PAYLOAD'];
const SIGNATURE_OF_ZEROS = `Signature=${'0'.repeat(64)}`;

const MALFORMED = [
  'SDK-HMAC-SHA256',
  'sdk-hmac-sha256 Access=a',
  'SDK-HMAC-SHA256 Access=, SignedHeaders=, Signature=',
  `SDK-HMAC-SHA256 Access=${ACCESS_KEY}, SignedHeaders=x-sdk-date, Signature=0`,
  `SDK-HMAC-SHA256 Access=${ACCESS_KEY}, SignedHeaders=host, ${SIGNATURE_OF_ZEROS}`,
  `SDK-HMAC-SHA256 Credential=${ACCESS_KEY}/20250806/eu-de/kms/sdk_request, SignedHeaders=host, ${SIGNATURE_OF_ZEROS}`,
];

testRows(both.doors, both.iam.url, [
  { name: 'a signed request', request: signed(), answer: 512 },
  { name: 'a signed request with a slash at its end', request: signed({ path: `${PATH}/` }), answer: 512 },
  { name: 'a signed request 14 minutes old', request: aged(-QUARTER_MS + 60_000), answer: 512 },
  { name: 'a signed request 14 minutes early', request: aged(QUARTER_MS - 60_000), answer: 512 },
  { name: 'a signed request 16 minutes old', request: aged(-QUARTER_MS - 60_000), answer: SIGNATURE_REFUSED },
  { name: 'a signed request 16 minutes early', request: aged(QUARTER_MS + 60_000), answer: SIGNATURE_REFUSED },
  {
    name: 'a signed request whose body is not',
    request: { ...signed({ headers: [UNSIGNED], payload: 'UNSIGNED-PAYLOAD' }), body: { random_data_length: 8 } },
    answer: 8,
  },
  {
    name: 'another body than the signed one',
    request: { ...signed(), body: { random_data_length: 8 } },
    answer: SIGNATURE_REFUSED,
  },
  { name: 'another path than the signed one', request: { ...signed(), path: `${PATH}/` }, answer: 512 },
  { name: 'an unknown access key', request: signed({ accessKey: 'UNKNOWN' }), answer: SIGNATURE_REFUSED },
  { name: 'a wrong secret key', request: signed({ secretKey: 'wrong' }), answer: SIGNATURE_REFUSED },
  ...[PROJECT_ID, OTHER_PROJECT_ID].map((projectId) => ({
    name: `X-Project-Id ${projectId}`,
    request: signed({ headers: [['X-Project-Id', projectId]] }),
    answer: projectId === PROJECT_ID ? 512 : (SIGNATURE_REFUSED as Row['answer']),
  })),
  {
    name: 'a key of another project',
    request: signed({ path: `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random` }),
    answer: '403 KMS.0321',
  },
  ...MALFORMED.map((authorization) => ({
    name: `the malformed signature ${shown(authorization)}`,
    request: { headers: [['Authorization', authorization]] as const },
    answer: SIGNATURE_REFUSED as Row['answer'],
  })),
  { name: 'a token beside a signature', request: { ...signed(), tokens: [TOKEN] }, answer: CREDENTIAL_MISSING },
  {
    name: 'a token beside a malformed signature',
    request: { tokens: [TOKEN], headers: [['Authorization', 'SDK-HMAC-SHA256']] },
    answer: CREDENTIAL_MISSING,
  },
  { name: 'a token alone', request: { tokens: [TOKEN] }, answer: 512 },
  { name: 'a Bearer token alone', request: bearer({}), answer: CREDENTIAL_MISSING },
  { name: 'a Bearer token beside a token', request: bearer({ tokens: [TOKEN] }), answer: 512 },
  { name: 'an over-long signed body', request: signed({ body: ' '.repeat(16 * 1024 + 1) }), answer: '400 KMS.0203' },
  { name: 'a signed body that is no JSON', request: signed({ body: '{' }), answer: '400 KMS.0202' },
  { name: 'a signed body without a length', request: signed({ body: '{}' }), answer: '400 KMS.0204' },
]);

const twice = signed();
testRows(
  both.doors.filter((door) => door.keepsRepeatedHeaders),
  both.iam.url,
  [
    {
      name: 'two signatures',
      request: { ...twice, headers: [...(twice.headers ?? []), ...authorizationsOf(twice)] },
      answer: SIGNATURE_REFUSED,
    },
    {
      name: 'a signature beside a Bearer token',
      request: { ...twice, headers: [...(twice.headers ?? []), ['Authorization', 'Bearer x']] },
      answer: SIGNATURE_REFUSED,
    },
  ],
);

const aksk = await startService({ AUTH_METHODS: 'aksk', AKSK_CREDENTIALS: JSON.stringify([CREDENTIAL]) });

testRows(aksk.doors, aksk.iam.url, [
  { name: 'signatures alone: a signed request', request: signed(), answer: 512 },
  { name: 'signatures alone: a token is not looked at', request: { ...signed(), tokens: ['a,b'] }, answer: 512 },
]);

function aged(offsetMs: number): WireOptions {
  return signed({ dateMs: Date.now() + offsetMs });
}

function bearer(options: WireOptions): WireOptions {
  return { ...options, headers: [['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.']] };
}

function authorizationsOf(options: WireOptions): HeaderLine[] {
  return (options.headers ?? []).filter(([name]) => name === 'Authorization');
}
