import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsSignature, readSignatureClaim } from '../../lib/auth/aksk/authorization.ts';
import { rejected } from '../../lib/auth/verdict.ts';
import { httpRequest } from '../support/http-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';
import { BODY, KEY, sign, signedAtMs, toSign, verdictOf } from './signed-request.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const SIGNATURE = '0123456789abcdef'.repeat(4);
const GOOD = `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=${SIGNATURE}`;

test('access key, names and signature are read', () => {
  const claim = { accessKey: 'AK', signedNames: ['host', 'x-sdk-date'], signature: SIGNATURE };
  assert.deepEqual(readSignatureClaim([GOOD]), claim);
});

const MALFORMED: readonly { name: string; values: readonly string[] }[] = [
  { name: 'two headers', values: [GOOD, GOOD] },
  { name: 'two headers, the second of another scheme', values: [GOOD, 'Bearer abc'] },
  { name: 'two headers, the first of another scheme', values: ['Bearer abc', GOOD] },
  { name: 'two headers joined by a comma', values: [`${GOOD}, ${GOOD}`] },
  { name: 'two headers joined, the first of another scheme', values: [`Bearer abc, ${GOOD}`] },
  { name: 'two headers joined without a blank', values: [`${GOOD},${GOOD}`] },
  {
    name: 'the older scoped form',
    values: [GOOD.replace('Access=AK', 'Credential=AK/20250806/region/kms/sdk_request')],
  },
  {
    name: 'both forms',
    values: [GOOD.replace('Access=AK', 'Access=AK, Credential=AK/20250806/region/kms/sdk_request')],
  },
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
  'SDK-HMAC-SM3 Access=AK',
  'V11-HMAC-SHA256 Credential=AK/a/b/c',
  'SDK-HMAC-SHA256x',
  'Bearer SDK-HMAC-SHA256 Access=AK',
  'xSDK-HMAC-SHA256 a',
];
for (const value of OTHERS) {
  test(`Authorization ${JSON.stringify(value)} is not meant as one`, () =>
    assert.equal(claimsSignature([value]), false));
}

/** What becomes of a request with these headers, all of them signed, and perhaps others. */
function judge(signed: readonly HeaderLine[], nowMs: number, sent: readonly HeaderLine[] = signed) {
  const authorization = sign(toSign(NOW_MS, { headers: signed }));
  const headers: HeaderLine[] = [['Authorization', authorization], ...sent];
  return verdictOf([KEY], nowMs, httpRequest({ headers, body: BODY }));
}

const SKEW_MS = 15 * 60 * 1000;
for (const [differenceMs, outcome] of [
  [-SKEW_MS - 1, 'rejected'],
  [-SKEW_MS, 'accepted'],
  [-1, 'accepted'],
  [0, 'accepted'],
  [SKEW_MS, 'accepted'],
  [SKEW_MS + 1, 'rejected'],
] as const) {
  test(`a request that was signed ${differenceMs} ms ago is ${outcome}`, () => {
    const request = toSign(NOW_MS);
    const verdict = judge(request.headers, signedAtMs(request) + differenceMs);
    assert.equal(verdict.outcome, outcome);
    if (outcome === 'rejected') assert.deepEqual(verdict, rejected('signature-out-of-date'));
  });
}

for (const date of ['', 'today', '2025-08-06T10:15:30Z', '20250806T101530', '20250806T101530Z+', '1754475330']) {
  test(`X-Sdk-Date ${JSON.stringify(date)} is refused although it is signed`, () => {
    assert.deepEqual(judge([['X-Sdk-Date', date]], NOW_MS), rejected('signature-out-of-date'));
  });
}

const DATE: HeaderLine = ['X-Sdk-Date', '20250806T101530Z'];
const HOST: HeaderLine = ['Host', 'kms.test'];
const HEADERS: readonly { name: string; signed: readonly HeaderLine[]; sent: readonly HeaderLine[] }[] = [
  { name: 'a date that is not signed', signed: [HOST], sent: [HOST, DATE] },
  { name: 'no date', signed: [HOST], sent: [HOST] },
  { name: 'a date that was taken away', signed: [HOST, DATE], sent: [HOST] },
  { name: 'two dates', signed: [DATE], sent: [DATE, DATE] },
  { name: 'a signed header that was taken away', signed: [HOST, DATE], sent: [DATE] },
  { name: 'a signed header twice', signed: [HOST, DATE], sent: [HOST, HOST, DATE] },
  { name: 'a signed header and another of its name', signed: [HOST, DATE], sent: [HOST, ['host', 'other'], DATE] },
];
for (const { name, signed, sent } of HEADERS) {
  test(`${name}: refused before anything is hashed`, () => {
    assert.deepEqual(judge(signed, NOW_MS, sent), rejected('malformed-signature'));
  });
}

test('a name of every object is a header like others', () => {
  const odd: HeaderLine = ['constructor', 'a'];
  assert.equal(judge([odd, DATE], NOW_MS).outcome, 'accepted');
  assert.deepEqual(judge([odd, DATE], NOW_MS, [DATE]), rejected('malformed-signature'));
});

test('a header that is named as signed is part of what is signed, whatever its name', () => {
  const authorization = sign(toSign(NOW_MS, { headers: [DATE] })).replace('x-sdk-date', '__proto__;x-sdk-date');
  const headers: HeaderLine[] = [['__proto__', 'a'], DATE, ['Authorization', authorization]];
  const verdict = verdictOf([KEY], NOW_MS, httpRequest({ headers, body: BODY }));
  assert.equal(verdict.outcome, 'rejected');
});
