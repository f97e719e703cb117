import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PossibleParts, possibleSignatures } from '../../lib/auth/aksk/possible-signatures.ts';
import { type JudgedRequest, rejected, type Verdict } from '../../lib/auth/verdict.ts';
import type { Signer } from '../../lib/huawei-signing/signature.ts';
import { httpRequest } from '../support/http-request.ts';
import { BODY, KEY, sign, toSign, verdictOf } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

// What a stranger can make the service do, counted and not timed.

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const DATE: HeaderLine = ['X-Sdk-Date', '20250806T101530Z'];

const PLAIN: Signer = { scheme: 'SDK-HMAC-SHA256', accessKey: KEY.accessKey, scope: undefined };
const SM3: Signer = { ...PLAIN, scheme: 'SDK-HMAC-SM3' };
const OLDER: Signer = { ...PLAIN, scope: '20250806/eu-de/kms/sdk_request' };
const DERIVED: Signer = { ...PLAIN, scheme: 'V11-HMAC-SHA256', scope: '20250806/eu-de/kms' };

const COUNTS: readonly { what: string; headers: PossibleParts['headers']; signers: readonly Signer[]; each: number }[] =
  [
    { what: 'ASCII', headers: { host: 'h' }, signers: [PLAIN, SM3, OLDER, DERIVED], each: 1 },
    { what: 'a host with a port', headers: { host: 'h:1' }, signers: [PLAIN, SM3, DERIVED], each: 1 },
    { what: 'a host with a port', headers: { host: 'h:1' }, signers: [OLDER], each: 2 },
    { what: 'bytes beyond ASCII', headers: { 'user-agent': 'é' }, signers: [PLAIN, SM3, OLDER, DERIVED], each: 2 },
    { what: 'decoded text', headers: { 'user-agent': '应用' }, signers: [PLAIN, SM3, OLDER, DERIVED], each: 1 },
    { what: 'both', headers: { host: 'h:1', 'user-agent': 'é' }, signers: [PLAIN, SM3, DERIVED], each: 2 },
    { what: 'both', headers: { host: 'h:1', 'user-agent': 'é' }, signers: [OLDER], each: 4 },
  ];
for (const { what, headers, signers, each } of COUNTS) {
  for (const signer of signers) {
    test(`${signer.scheme}, ${signer.scope ?? 'no scope'}, ${what}: ${each} for each path, whatever the secret`, () => {
      for (const paths of [['/a'], ['/a', '/b'], ['/a', '/b', '/c']]) {
        const parts: PossibleParts = { method: 'POST', paths, query: '', headers, payloadHash: '' };
        for (const secret of [KEY.secretKey, KEY.accessKey, '']) {
          const possible = possibleSignatures(parts, signer, DATE[1], secret);
          assert.equal(new Set(possible).size, paths.length * each);
          assert.equal(possible.length, paths.length * each);
        }
      }
    });
  }
}

/** What was asked of a request while it was judged. */
function judge(headers: readonly HeaderLine[]): { verdict: Verdict; asked: readonly string[] } {
  const asked: string[] = [];
  const request = httpRequest({ headers, body: BODY });
  const counted: JudgedRequest = {
    ...request,
    headerValues(name) {
      asked.push(name);
      return request.headerValues(name);
    },
    query() {
      asked.push('the query');
      return [];
    },
    receiveBody() {
      asked.push('the body');
      return request.receiveBody();
    },
  };
  return { verdict: verdictOf([KEY], NOW_MS, counted), asked };
}

const GOOD = sign(toSign(NOW_MS, { headers: [DATE] }));

test('every signed header is looked up once, query and body are read once', () => {
  const { verdict, asked } = judge([DATE, ['Authorization', GOOD]]);
  assert.equal(verdict.outcome, 'accepted');
  assert.deepEqual(asked, [
    'authorization',
    'x-sdk-date',
    'x-project-id',
    'the query',
    'x-sdk-content-sha256',
    'the body',
  ]);
});

for (const [name, from, to] of [
  ['a wrong signature of a known key', /Signature=./, 'Signature=f'],
  ['an unknown key', /Access=./, 'Access=x'],
] as const) {
  test(`${name} costs as much as a good one`, () => {
    const { verdict, asked } = judge([DATE, ['Authorization', GOOD.replace(from, to)]]);
    assert.deepEqual(verdict, rejected('wrong-signature'));
    assert.deepEqual(asked, judge([DATE, ['Authorization', GOOD]]).asked);
  });
}

for (const [name, authorization] of [
  ['65 signed names', GOOD.replace('x-sdk-date', `x-sdk-date;${Array.from({ length: 64 }, (_, i) => i).join(';')}`)],
  ['4,000 signed names', GOOD.replace('x-sdk-date', `x-sdk-date${';a'.repeat(4000)}`)],
  ['a scheme that is not verified', GOOD.replace('SHA256', 'SHA512')],
] as const) {
  test(`${name}: refused before anything else is looked up`, () => {
    const { verdict, asked } = judge([DATE, ['Authorization', authorization]]);
    assert.deepEqual([verdict, asked], [rejected('malformed-signature'), ['authorization']]);
  });
}

test('an old date is refused before query and body are read', () => {
  const { verdict, asked } = judge([
    ['X-Sdk-Date', '20250806T095959Z'],
    ['Authorization', GOOD],
  ]);
  assert.deepEqual([verdict, asked], [rejected('signature-out-of-date'), ['authorization', 'x-sdk-date']]);
});
