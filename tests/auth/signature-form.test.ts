import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsSignature, readSignatureClaim } from '../../lib/auth/aksk/authorization.ts';

const SIGNATURE = '0123456789abcdef'.repeat(4);
const GOOD = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${SIGNATURE}`;

const READ: readonly { credential: string; scheme: string; accessKey: string; scope: string | undefined }[] = [
  { credential: 'SDK-HMAC-SHA256 Access=AK', scheme: 'SDK-HMAC-SHA256', accessKey: 'AK', scope: undefined },
  { credential: 'SDK-HMAC-SM3 Access=A-K_1', scheme: 'SDK-HMAC-SM3', accessKey: 'A-K_1', scope: undefined },
  ...['20250806/eu-de/kms/sdk_request', '20250806//kms/sdk_request', '20250806///sdk_request'].map((scope) => ({
    credential: `SDK-HMAC-SHA256 Credential=AK/${scope}`,
    scheme: 'SDK-HMAC-SHA256',
    accessKey: 'AK',
    scope,
  })),
  ...['20250806/eu-de/kms', '20250806/my+region!/kms', '20250806//'].map((scope) => ({
    credential: `V11-HMAC-SHA256 Credential=AK/${scope}`,
    scheme: 'V11-HMAC-SHA256',
    accessKey: 'AK',
    scope,
  })),
];
for (const { credential, ...signer } of READ) {
  test(`${credential}: scheme, access key, scope, names and signature are read`, () => {
    const value = `${credential}, SignedHeaders=host;X-Sdk-Date, Signature=${SIGNATURE}`;
    const claim = { ...signer, signedNames: ['host', 'x-sdk-date'], signature: SIGNATURE };
    assert.deepEqual([claimsSignature([value]), readSignatureClaim([value])], [true, claim]);
  });
}

test('64 names are read', () => {
  const names = Array.from({ length: 64 }, (_, index) => `x-${index}`);
  assert.deepEqual(readSignatureClaim([GOOD.replace('host;x-sdk-date', names.join(';'))])?.signedNames, names);
});

const MALFORMED: readonly { name: string; values: readonly string[] }[] = [
  { name: 'two headers', values: [GOOD, GOOD] },
  { name: 'two headers, the second of another scheme', values: [GOOD, 'Bearer abc'] },
  { name: 'two headers, the first of another scheme', values: ['Bearer abc', GOOD] },
  { name: 'two headers joined by a comma', values: [`${GOOD}, ${GOOD}`] },
  { name: 'two headers joined, the first of another scheme', values: [`Bearer abc, ${GOOD}`] },
  { name: 'two headers joined without a blank', values: [`${GOOD},${GOOD}`] },
  {
    name: 'both forms',
    values: [GOOD.replace('Access=AK', 'Access=AK, Credential=AK/20250806/region/kms/sdk_request')],
  },
  { name: '65 names', values: [GOOD.replace('host', Array.from({ length: 64 }, (_, i) => `x-${i}`).join(';'))] },
  ...[
    'SDK-HMAC-SHA256 Credential=AK',
    'SDK-HMAC-SHA256 Credential=AK/20250806/region/kms',
    'SDK-HMAC-SHA256 Credential=AK/20250806/region/sdk_request',
    'SDK-HMAC-SHA256 Credential=AK/20250806/region/kms/aws4_request',
    'SDK-HMAC-SHA256 Credential=AK/20250806/region/kms/x/sdk_request',
    'SDK-HMAC-SHA256 Credential=AK/2025086/region/kms/sdk_request',
    'SDK-HMAC-SHA256 Credential=AK//region/kms/sdk_request',
    'SDK-HMAC-SHA256 Credential=/20250806/region/kms/sdk_request',
    'SDK-HMAC-SHA256 Credential=AK/20250806/a region/kms/sdk_request',
    'SDK-HMAC-SHA256 Credential=AK/20250806/région/kms/sdk_request',
    `SDK-HMAC-SHA256 Credential=AK/20250806/${'r'.repeat(65)}/kms/sdk_request`,
    'SDK-HMAC-SHA256 Access=AK/20250806/region/kms/sdk_request',
    'SDK-HMAC-SM3 Credential=AK/20250806/region/kms/sdk_request',
    'V11-HMAC-SHA256 Access=AK',
    'V11-HMAC-SHA256 Credential=AK/20250806/region/kms/sdk_request',
    'V11-HMAC-SHA256 Credential=AK/20250806/kms',
    'V11-HMAC-SM3 Credential=AK/20250806/region/kms',
    'V11-HMAC-SHA512 Credential=AK/20250806/region/kms',
    'SDK-HMAC-SHA256x Access=AK',
    'SDK-HMAC-SHA512 Access=AK',
    'SDK-ECDSA-P256-SHA256 Access=AK',
    'SDK-SM2-SM3 Access=AK',
    'SDK- Access=AK',
    'V11- Access=AK',
    'v11-hmac-sha256 Credential=AK/20250806/region/kms',
    'Sdk-Sm2-Sm3 Access=AK',
  ].map((credential) => ({
    name: credential,
    values: [`${credential}, SignedHeaders=host;x-sdk-date, Signature=${SIGNATURE}`],
  })),
  { name: 'another scheme alone', values: ['SDK-SM2-SM3'] },
  { name: 'another scheme behind a comma', values: ['Bearer abc,V11-HMAC-SM3 x'] },
  { name: 'another scheme behind a comma and blanks', values: ['Bearer abc, \t sdk-x'] },
  { name: 'a scheme in lower case', values: [GOOD.replace('SDK-HMAC-SHA256', 'sdk-hmac-sha256')] },
  { name: 'the scheme alone', values: ['SDK-HMAC-SHA256'] },
  { name: 'the scheme and a blank', values: ['SDK-HMAC-SHA256 '] },
  { name: 'no access key', values: [GOOD.replace('Access=AK, ', '')] },
  { name: 'an empty access key', values: [GOOD.replace('=AK', '=')] },
  { name: 'an access key with a blank in it', values: [GOOD.replace('=AK', '=A K')] },
  { name: 'an access key of 129 characters', values: [GOOD.replace('=AK', `=${'A'.repeat(129)}`)] },
  { name: 'no names', values: [GOOD.replace('SignedHeaders=host;x-sdk-date, ', '')] },
  { name: 'an empty list of names', values: [GOOD.replace('=host;x-sdk-date', '=')] },
  { name: 'an empty name', values: [GOOD.replace('host;', 'host;;')] },
  { name: 'an empty name at the end', values: [GOOD.replace('date,', 'date;,')] },
  { name: 'a name twice', values: [GOOD.replace('host;', 'host;host;')] },
  { name: 'a name twice in other letters', values: [GOOD.replace('host;', 'host;Host;')] },
  { name: 'no signature', values: [GOOD.replace(`, Signature=${SIGNATURE}`, '')] },
  { name: 'a signature of 63 digits', values: [GOOD.slice(0, -1)] },
  { name: 'a signature of 65 digits', values: [`${GOOD}0`] },
  { name: 'a signature in upper case', values: [GOOD.replace(SIGNATURE, SIGNATURE.toUpperCase())] },
  { name: 'a signature of other digits', values: [GOOD.replace(/f$/, 'g')] },
  { name: 'another order', values: [`SDK-HMAC-SHA256 Signature=${SIGNATURE}, Access=AK, SignedHeaders=x-sdk-date`] },
  { name: 'something behind it', values: [`${GOOD}, x=y`] },
];
for (const { name, values } of MALFORMED) {
  test(`${name} is meant as a signature and is none`, () => {
    assert.deepEqual([claimsSignature(values), readSignatureClaim(values)], [true, undefined]);
  });
}

const OTHERS = [
  '',
  'Bearer abc',
  'Basic YTpi',
  'SDK',
  'SDK HMAC-SHA256 Access=AK',
  'V11 Credential=AK/a/b/c',
  'V1-HMAC-SHA256 x',
  'SDKHMAC-SHA256 x',
  'AWS4-HMAC-SHA256 Credential=AK/20250806/region/kms/aws4_request',
  'Bearer SDK-HMAC-SHA256 Access=AK',
  'xSDK-HMAC-SHA256 a',
];
for (const value of OTHERS) {
  test(`Authorization ${JSON.stringify(value)} is not meant as one`, () =>
    assert.equal(claimsSignature([value]), false));
}
