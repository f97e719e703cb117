import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected } from '../../lib/auth/verdict.ts';
import { httpRequest } from '../support/http-request.ts';
import { BODY, KEY, sign, type ToSign, toSign, verdictOf } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const DATE: HeaderLine = ['X-Sdk-Date', '20250806T101530Z'];

const PLAIN: Partial<ToSign> = {};
const SM3: Partial<ToSign> = { scheme: 'SDK-HMAC-SM3' };
const OLDER: Partial<ToSign> = { scope: '20250806/eu-de/kms/sdk_request' };
const DERIVED: Partial<ToSign> = { scheme: 'V11-HMAC-SHA256', scope: '20250806/eu-de/kms' };

const ROWS: readonly { form: Partial<ToSign>; signed: string; sent: string; isGood: boolean }[] = [
  ...[PLAIN, SM3, OLDER, DERIVED].flatMap((form) => [
    { form, signed: 'kms.test', sent: 'kms.test', isGood: true },
    { form, signed: 'kms.test:8000', sent: 'kms.test:8000', isGood: true },
    { form, signed: 'kms.test:8000', sent: 'kms.test', isGood: false },
    { form, signed: 'kms.test:8000', sent: 'kms.test:8001', isGood: false },
    { form, signed: 'kms.test', sent: 'other.test:8000', isGood: false },
    { form, signed: 'kms.test', sent: 'kms.test:port', isGood: false },
    { form, signed: 'kms.test', sent: 'kms.test:1:2', isGood: false },
    // The SDKs that send a scope ending in `sdk_request` sign the URL's host alone; the others sign what they send.
    { form, signed: 'kms.test', sent: 'kms.test:8000', isGood: form === OLDER },
    { form, signed: '[::1]', sent: '[::1]:8000', isGood: form === OLDER },
  ]),
];
for (const { form, signed, sent, isGood } of ROWS) {
  const { scheme = 'SDK-HMAC-SHA256', scope = 'no scope' } = form;
  test(`${scheme}, ${scope}: ${signed} signed and ${sent} sent is ${isGood ? 'accepted' : 'refused'}`, () => {
    const authorization = sign(toSign(NOW_MS, { ...form, headers: [['Host', signed], DATE] }));
    const headers: HeaderLine[] = [['Host', sent], DATE, ['Authorization', authorization]];
    const verdict = verdictOf([KEY], NOW_MS, httpRequest({ headers, body: BODY }));
    if (isGood) assert.equal(verdict.outcome, 'accepted');
    else assert.deepEqual(verdict, rejected('wrong-signature'));
  });
}

test('a host that is not signed may be any', () => {
  const authorization = sign(toSign(NOW_MS, { ...OLDER, headers: [DATE] }));
  const headers: HeaderLine[] = [['Host', 'any.test:1'], DATE, ['Authorization', authorization]];
  assert.equal(verdictOf([KEY], NOW_MS, httpRequest({ headers, body: BODY })).outcome, 'accepted');
});
