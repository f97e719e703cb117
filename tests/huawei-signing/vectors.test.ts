import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalQuery, canonicalRequest } from '../../lib/huawei-signing/canonical-request.ts';
import { formatSdkDate, parseSdkDate } from '../../lib/huawei-signing/sdk-date.ts';
import { digestOf, signatureOf, signingKey } from '../../lib/huawei-signing/signature.ts';
import { httpRequest } from '../support/http-request.ts';
import { verdictOf } from '../support/signed-request.ts';
import vectors from '../vectors/sdk-hmac-sha256.json' with { type: 'json' };

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const scheme = 'SDK-HMAC-SHA256';

for (const vector of vectors.signatures) {
  const { name, method, path, body, secretKey, accessKey } = vector;
  const query = pairs(vector.query);
  const headers = Object.fromEntries(Object.entries(vector.headers));
  const sdkDate = vector.headers['x-sdk-date'];
  const parts = { method, path, query: canonicalQuery(query), headers, payloadHash: digestOf(scheme, body) };

  test(`${name}: signed as published`, () => {
    const canonical = canonicalRequest(parts);
    if (vector.canonicalRequestSha256 !== undefined) {
      assert.equal(digestOf(scheme, canonical), vector.canonicalRequestSha256);
    }
    const signer = { scheme, accessKey, scope: undefined } as const;
    assert.equal(signatureOf(canonical, signer, sdkDate, signingKey(signer, secretKey)), vector.signature);
  });

  test(`${name}: verified as published`, () => {
    const names = Object.keys(headers).join(';');
    const authorization = `${scheme} Access=${accessKey}, SignedHeaders=${names}, Signature=${vector.signature}`;
    const lines = Object.entries({ ...headers, authorization });
    const request = httpRequest({ method, path, query, headers: lines, body });
    const verdict = verdictOf([{ accessKey, secretKey, projectId: PROJECT_ID }], parseSdkDate(sdkDate), request);
    assert.equal(verdict.outcome, 'accepted');
  });
}

for (const { name, query, canonical } of vectors.queries) {
  test(`${name}: the query is written as published`, () => assert.equal(canonicalQuery(pairs(query)), canonical));
}

function pairs(query: readonly (readonly string[])[]): [string, string][] {
  return query.map(([name = '', value = '']) => [name, value]);
}

const DATES = [
  { text: '20191115T033655Z', iso: '2019-11-15T03:36:55Z' },
  { text: '19700101T000000Z', iso: '1970-01-01T00:00:00Z' },
  { text: '20240229T235959Z', iso: '2024-02-29T23:59:59Z' },
  { text: '99991231T235959Z', iso: '9999-12-31T23:59:59Z' },
];
for (const { text, iso } of DATES) {
  test(`${text} is ${iso}, and written so`, () => {
    assert.equal(parseSdkDate(text), Date.parse(iso));
    assert.equal(formatSdkDate(Date.parse(iso)), text);
  });
}

test('a date is written without its milliseconds', () => {
  assert.equal(formatSdkDate(Date.parse('2025-08-06T10:15:30.999Z')), '20250806T101530Z');
});

const NO_DATES = [
  '',
  'today',
  '20250806',
  '20250806T101530',
  '20250806T101530z',
  '20250806t101530Z',
  '20250806T1015Z',
  '20250806T101530.000Z',
  '20250806T101530+0000',
  '2025-08-06T10:15:30Z',
  'Wed, 06 Aug 2025 10:15:30 GMT',
  '1754475330',
  ' 20250806T101530Z',
  '20250806T101530Z ',
  '20250806T101530Z\n',
  '020250806T101530Z',
  '20251306T101530Z',
  '20250230T101530Z',
  '20230229T101530Z',
  '20250806T240000Z',
  '20250006T101530Z',
  '20250832T101530Z',
  '20250806T251530Z',
  '20250806T106030Z',
  '20250806T101560Z',
  '２０２５０８０６T101530Z',
];
for (const text of NO_DATES) {
  test(`${JSON.stringify(text)} is no date`, () => assert.ok(Number.isNaN(parseSdkDate(text))));
}
