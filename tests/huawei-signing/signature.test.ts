import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { test } from 'node:test';
import { type Signer, signatureOf, signingKey } from '../../lib/huawei-signing/signature.ts';

// The steps of each scheme written out with keys as bytes; tests/vectors has what others published or sent.

const DATE = '20250806T101530Z';
const CANONICAL = 'POST\n/\n\nx-sdk-date:20250806T101530Z\n\nx-sdk-date\nhash';
const ACCESS_KEY = 'AK';

type Digest = 'sha256' | 'sm3';

function hmac(digest: Digest, key: Uint8Array, text: string): Buffer {
  return createHmac(digest, key).update(text).digest();
}

function derived(secretKey: Uint8Array, info: string): Buffer {
  const extracted = createHmac('sha256', ACCESS_KEY).update(secretKey).digest();
  return Buffer.from(hmac('sha256', extracted, `${info}\u0001`).toString('hex'));
}

function older(secretKey: Uint8Array, scope: string): Buffer {
  const first: Buffer = Buffer.concat([Buffer.from('SDK'), secretKey]);
  return scope.split('/').reduce((key, part) => hmac('sha256', key, part), first);
}

const FORMS: readonly { signer: Signer; digest: Digest; keyOf: (secretKey: Uint8Array) => Uint8Array }[] = [
  {
    signer: { scheme: 'SDK-HMAC-SHA256', accessKey: ACCESS_KEY, scope: undefined },
    digest: 'sha256',
    keyOf: (secretKey) => secretKey,
  },
  {
    signer: { scheme: 'SDK-HMAC-SM3', accessKey: ACCESS_KEY, scope: undefined },
    digest: 'sm3',
    keyOf: (secretKey) => secretKey,
  },
  ...['20250806/eu-de/kms/sdk_request', '20250806///sdk_request'].map((scope) => ({
    signer: { scheme: 'SDK-HMAC-SHA256', accessKey: ACCESS_KEY, scope } as const,
    digest: 'sha256' as const,
    keyOf: (secretKey: Uint8Array) => older(secretKey, scope),
  })),
  ...['20250806/eu-de/kms', '20250806//'].map((scope) => ({
    signer: { scheme: 'V11-HMAC-SHA256', accessKey: ACCESS_KEY, scope } as const,
    digest: 'sha256' as const,
    keyOf: (secretKey: Uint8Array) => derived(secretKey, scope),
  })),
];

for (const { signer, digest, keyOf } of FORMS) {
  for (const secretKey of ['secret', 'gehëim-秘密', 'x'.repeat(200)]) {
    test(`${signer.scheme}, ${signer.scope ?? 'no scope'}, a secret of ${secretKey.length} characters`, () => {
      const { scheme, scope } = signer;
      const lines = [scheme, DATE, ...(scope === undefined ? [] : [scope]), hash(digest, CANONICAL, 'hex')];
      const expected = hmac(digest, keyOf(Buffer.from(secretKey)), lines.join('\n')).toString('hex');
      assert.equal(signatureOf(CANONICAL, signer, DATE, signingKey(signer, secretKey)), expected);
    });
  }
}
