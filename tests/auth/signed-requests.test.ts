import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, test } from 'node:test';
import { UNSIGNED_PAYLOAD } from '../../lib/huawei-signing/signature.ts';
import { appOf } from '../support/app.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID, type Refusal } from '../support/contract.ts';
import { checkRow, type Row, testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { fieldsOf } from '../support/samples.ts';
import type { HeaderLine, WireOptions } from '../support/wire-request.ts';
import { AKSK_CREDENTIALS, KEY, OTHER_KEY, sent, toSign } from './signed-request.ts';

// Signed requests through every door: the server and all event shapes.

const IAM_URL = 'http://127.0.0.1:9/v3';
const TOKEN = 'a-token-of-the-operator';
const lines: string[] = [];

async function open(methods: string) {
  const environment = {
    AUTH_METHODS: methods,
    IAM_URL,
    STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
    AKSK_CREDENTIALS,
  };
  const { doors, close } = await openDoors(appOf(environment, (line) => lines.push(line)));
  after(close);
  return doors;
}

function without(name: string): readonly HeaderLine[] {
  return toSign(Date.now()).headers.filter(([header]) => header !== name);
}

const REFUSED: Refusal = '401 APIGW.0301';
const TWO_CREDENTIALS: Refusal = '401 KMS.0301';
const unsigned: HeaderLine = ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD];
const bearer: HeaderLine = ['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.'];
const LONG_BODY = '{"random_data_length":"512"}'.padEnd(16 * 1024 + 1);
const otherPath = `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random`;

const ROWS: readonly Row[] = [
  { name: 'a good signature', request: sent(), answer: 512 },
  { name: 'a good signature without X-Project-Id', request: sent({ headers: without('X-Project-Id') }), answer: 512 },
  { name: 'a good signature of a path that ends in a slash', request: sent({ path: `${PATH}/` }), answer: 512 },
  { name: 'a body that is not signed', request: sent({ headers: [...without(''), unsigned] }), answer: 512 },
  { name: 'a body that is no text', request: sent({ body: Buffer.of(0xff, 0xfe, 0x00) }), answer: '400 KMS.0202' },
  { name: 'an empty body', request: sent({ body: '' }), answer: '400 KMS.0204' },
  { name: 'a body of full length', request: sent({ body: LONG_BODY.slice(0, -1) }), answer: 512 },
  { name: 'an over-long body', request: sent({ body: LONG_BODY }), answer: '400 KMS.0203' },
  {
    name: 'an over-long body that is not signed',
    request: sent({ body: LONG_BODY, headers: [...without(''), unsigned] }),
    answer: '400 KMS.0203',
  },
  { name: 'another body than was signed', request: { ...sent(), body: '{"random_data_length":"8"}' }, answer: REFUSED },
  { name: 'an unknown key', request: sent({ key: { ...KEY, accessKey: 'NOBODYSACCESSKEY' } }), answer: REFUSED },
  {
    name: 'an unknown key with its own name for a secret',
    request: sent({ key: { accessKey: 'NOBODYSACCESSKEY', secretKey: 'NOBODYSACCESSKEY' } }),
    answer: REFUSED,
  },
  { name: 'a wrong secret', request: sent({ key: { ...KEY, secretKey: 'wrong' } }), answer: REFUSED },
  {
    name: 'a key of another project',
    request: sent({ key: OTHER_KEY, headers: without('X-Project-Id') }),
    answer: '403 KMS.0321',
  },
  { name: 'a key of another project, with X-Project-Id', request: sent({ key: OTHER_KEY }), answer: '403 KMS.0321' },
  { name: 'X-Project-Id of another path', request: sent({ path: otherPath, key: OTHER_KEY }), answer: REFUSED },
  { name: 'a signature for another path', request: { ...sent(), path: otherPath }, answer: REFUSED },
  {
    name: 'a scheme in lower case',
    request: sent({}, (value) => value.replace('SDK-HMAC-SHA256', 'sdk-hmac-sha256')),
    answer: REFUSED,
  },
  { name: 'two signatures joined', request: sent({}, (value) => `${value}, ${value}`), answer: REFUSED },
  { name: 'the scheme alone', request: sent({}, () => 'SDK-HMAC-SHA256'), answer: REFUSED },
  { name: 'a good signature and a good token', request: { ...sent(), tokens: [TOKEN] }, answer: TWO_CREDENTIALS },
  { name: 'a good signature and an empty token', request: { ...sent(), tokens: [''] }, answer: TWO_CREDENTIALS },
  {
    name: 'a malformed signature and a good token',
    request: { ...sent({}, () => 'SDK-HMAC-SHA256 x'), tokens: [TOKEN] },
    answer: TWO_CREDENTIALS,
  },
  { name: 'a good token and a Bearer token', request: { tokens: [TOKEN], headers: [bearer] }, answer: 512 },
  { name: 'a Bearer token alone', request: { headers: [bearer] }, answer: '401 KMS.0301' },
];

const doors = await open('static,aksk');
// The challenge names IAM wherever one is configured.
testRows(doors, IAM_URL, ROWS);

const TWICE: readonly Row[] = [
  { name: 'the same signature twice', request: twice(sent()), answer: REFUSED },
  {
    name: 'a signature behind a Bearer token',
    request: { ...sent(), headers: [bearer, ...linesOf(sent())] },
    answer: REFUSED,
  },
  {
    name: 'a Bearer token behind a signature',
    request: { ...sent(), headers: [...linesOf(sent()), bearer] },
    answer: REFUSED,
  },
];
testRows(
  // A load balancer without multi-value headers hands over the last of two headers and nothing of the first.
  doors.filter((door) => door.keepsRepeatedHeaders),
  IAM_URL,
  TWICE,
);

testRows(
  // Where two headers arrive as one, joined by a comma, two of another scheme cannot be told from one.
  doors.filter(({ name }) => ['server', 'apigw-rest', 'alb-multi', 'functiongraph-apig'].includes(name)),
  IAM_URL,
  [
    {
      name: 'a good token and two Bearer tokens',
      request: { tokens: [TOKEN], headers: [bearer, bearer] },
      answer: REFUSED,
    },
  ],
);

test('the audit line names the access key and nothing of the signature', async () => {
  const request = sent();
  lines.length = 0;
  for (const door of doors) await checkRow(door, IAM_URL, { name: '', request, answer: 512 });
  for (const line of lines) assert.equal(fieldsOf(JSON.parse(line)).access_key, KEY.accessKey);
  assert.doesNotMatch(lines.join(), /Signature|SDK-HMAC/);
  assert.equal(lines.length, doors.length);
});

const withoutTokens = await open('aksk');
const withoutKeys = await open('static');
testRows(withoutTokens, IAM_URL, [
  {
    name: 'tokens are off: a token beside a signature is ignored',
    request: { ...sent(), tokens: [TOKEN] },
    answer: 512,
  },
  { name: 'tokens are off: a token alone is no credential', request: { tokens: [TOKEN] }, answer: '401 KMS.0301' },
]);
testRows(withoutKeys, IAM_URL, [
  { name: 'keys are off: a signature beside a token is ignored', request: { ...sent(), tokens: [TOKEN] }, answer: 512 },
  { name: 'keys are off: a signature alone is no credential', request: sent(), answer: '401 KMS.0301' },
]);

function linesOf({ headers = [] }: WireOptions): readonly HeaderLine[] {
  return headers;
}

function twice(request: WireOptions): WireOptions {
  const headers = linesOf(request);
  return { ...request, headers: [...headers, ...headers.filter(([name]) => name === 'Authorization')] };
}
