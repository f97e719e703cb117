import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected } from '../../lib/auth/verdict.ts';
import { httpRequest } from '../support/http-request.ts';
import { BODY, KEY, sign, signedAtMs, toSign, verdictOf } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');

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

for (const [scheme, end] of [
  ['SDK-HMAC-SHA256', '/sdk_request'],
  ['V11-HMAC-SHA256', ''],
] as const) {
  for (const [day, verdict] of [
    ['20250805', rejected('signature-of-another-day')],
    ['20250807', rejected('signature-of-another-day')],
    ['20250806', undefined],
  ] as const) {
    test(`${scheme} for the day ${day} with an X-Sdk-Date of 20250806 is ${verdict ? 'refused' : 'accepted'}`, () => {
      const request = toSign(NOW_MS, { scheme, scope: `${day}/eu-de/kms${end}` });
      const headers: HeaderLine[] = [['Authorization', sign(request)], ...request.headers];
      const judged = verdictOf([KEY], NOW_MS, httpRequest({ headers, body: BODY }));
      if (verdict === undefined) assert.equal(judged.outcome, 'accepted');
      else assert.deepEqual(judged, verdict);
    });
  }
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
