import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignatureVerifier } from '../../lib/auth/aksk/signature-verifier.ts';
import { rejected } from '../../lib/auth/verdict.ts';
import { ServiceError } from '../../lib/errors.ts';
import type { Scheme } from '../../lib/huawei-signing/signature.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import { BODY, KEY, sign, toSign } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

// A server judges the headers before the body is there.

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const verify = createSignatureVerifier([KEY], () => NOW_MS);

const FORMS: readonly { scheme: Scheme; scope?: string }[] = [
  { scheme: 'SDK-HMAC-SHA256' },
  { scheme: 'SDK-HMAC-SM3' },
  { scheme: 'SDK-HMAC-SHA256', scope: '20250806/eu-de/kms/sdk_request' },
  { scheme: 'V11-HMAC-SHA256', scope: '20250806/eu-de/kms' },
];
for (const form of FORMS) {
  const signed = toSign(NOW_MS, form);
  const headers: HeaderLine[] = [...signed.headers, ['Authorization', sign(signed)]];
  const judge = (receiveBody: () => Promise<string | Buffer>) =>
    verify({ ...httpRequest({ headers }), receiveBody }, PROJECT_ID);

  test(`${form.scheme}, ${form.scope ?? 'no scope'}: judged when the body has come`, async () => {
    assert.equal((await judge(async () => Buffer.from(BODY))).outcome, 'accepted');
    assert.deepEqual(await judge(async () => `${BODY} `), rejected('wrong-signature'));
  });

  test(`${form.scheme}, ${form.scope ?? 'no scope'}: a body that is too long is said to be so`, async () => {
    const tooLong = async () => {
      throw new ServiceError('body-too-long');
    };
    await assert.rejects(async () => judge(tooLong), { key: 'body-too-long' });
  });
}
