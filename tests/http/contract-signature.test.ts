import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, test } from 'node:test';
import { UNSIGNED_PAYLOAD } from '../../lib/huawei-signing/signature.ts';
import { appOf } from '../support/app.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID, type Refusal } from '../support/contract.ts';
import { checkRow, type Row, testRows, testRowsEverywhere } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { fieldsOf } from '../support/samples.ts';
import {
  AKSK_CREDENTIALS,
  KEY,
  OTHER_KEY,
  sent,
  type ToSign,
  toSign,
  writtenQuery,
} from '../support/signed-request.ts';
import type { HeaderLine, WireOptions } from '../support/wire-request.ts';

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
  const app = appOf(environment, (line) => lines.push(line));
  return openDoors(app, { after });
}

function sentAt(offsetMs: number): WireOptions {
  return sent({ headers: toSign(Date.now() + offsetMs).headers });
}

function without(name: string): readonly HeaderLine[] {
  return toSign(Date.now()).headers.filter(([header]) => header !== name);
}

function twice({ headers = [], ...request }: WireOptions): WireOptions {
  return { ...request, headers: [...headers, ...headers.filter(([name]) => name === 'Authorization')] };
}

const REFUSED: Refusal = '401 APIGW.0301';
const TWO_CREDENTIALS: Refusal = '401 KMS.0301';
const unsigned: HeaderLine = ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD];
const bearer: HeaderLine = ['Authorization', 'Bearer eyJhbGciOiJub25lIn0.e30.'];
const LONG_BODY = '{"random_data_length":"512"}'.padEnd(16 * 1024 + 1);
const otherPath = `/v1.0/${OTHER_PROJECT_ID}/kms/gen-random`;
const MINUTE_MS = 60_000;

const ROWS: readonly Row[] = [
  { name: 'a good signature', request: sent(), answer: 512 },
  { name: 'a good signature without X-Project-Id', request: sent({ headers: without('X-Project-Id') }), answer: 512 },
  { name: 'a good signature of a path that ends in a slash', request: sent({ path: `${PATH}/` }), answer: 512 },
  { name: 'a slash at the end of the path that was not signed', request: { ...sent(), path: `${PATH}/` }, answer: 512 },
  { name: 'a signature 14 minutes old', request: sentAt(-14 * MINUTE_MS), answer: 512 },
  { name: 'a signature 16 minutes old', request: sentAt(-16 * MINUTE_MS), answer: REFUSED },
  { name: 'a signature 16 minutes early', request: sentAt(16 * MINUTE_MS), answer: REFUSED },
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
  { name: 'a wrong secret', request: sent({ key: { ...KEY, secretKey: 'wrong' } }), answer: REFUSED },
  {
    name: 'a key of another project',
    request: sent({ key: OTHER_KEY, headers: without('X-Project-Id') }),
    answer: '403 KMS.0321',
  },
  { name: 'a key of another project, with X-Project-Id', request: sent({ key: OTHER_KEY }), answer: '403 KMS.0321' },
  { name: 'X-Project-Id of another path', request: sent({ path: otherPath, key: OTHER_KEY }), answer: REFUSED },
  { name: 'a signature for another path', request: { ...sent(), path: otherPath }, answer: REFUSED },
  { name: 'two signatures joined', request: sent({}, (value) => `${value}, ${value}`), answer: REFUSED },
  { name: 'the scheme alone', request: sent({}, () => 'SDK-HMAC-SHA256'), answer: REFUSED },
  { name: 'a good signature and a good token', request: { ...sent(), tokens: [TOKEN] }, answer: TWO_CREDENTIALS },
  { name: 'a good signature and an empty token', request: { ...sent(), tokens: [''] }, answer: TWO_CREDENTIALS },
  {
    name: 'a malformed signature and a good token',
    request: { ...sent({}, () => 'SDK-HMAC-SHA256 x'), tokens: [TOKEN] },
    answer: TWO_CREDENTIALS,
  },
  { name: 'a good token alone', request: { tokens: [TOKEN] }, answer: 512 },
  { name: 'a good token and a Bearer token', request: { tokens: [TOKEN], headers: [bearer] }, answer: 512 },
  { name: 'a Bearer token alone', request: { headers: [bearer] }, answer: '401 KMS.0301' },
];

const doors = await open('static,aksk');
// The challenge names IAM wherever one is configured.
testRows(doors, IAM_URL, ROWS);

const { headers: signedHeaders = [] } = sent();
testRowsEverywhere(
  // A load balancer without multi-value headers hands over the last of two headers and nothing of the first.
  doors.filter((door) => door.keepsRepeatedHeaders),
  IAM_URL,
  [
    { name: 'the same signature twice', request: twice(sent()), answer: REFUSED },
    {
      name: 'a signature behind a Bearer token',
      request: { ...sent(), headers: [bearer, ...signedHeaders] },
      answer: REFUSED,
    },
    {
      name: 'a Bearer token behind a signature',
      request: { ...sent(), headers: [...signedHeaders, bearer] },
      answer: REFUSED,
    },
  ],
);

testRowsEverywhere(
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

// gen-random has no query; what stands there is signed all the same, and every platform writes it in its own way.
const ONE_OF_EACH: ToSign['query'] = [
  ['limit', '2'],
  ['b', ''],
  ['a', "x y+z/ü&=%41!'()*~-._"],
];
const SOME_TWICE: ToSign['query'] = [...ONE_OF_EACH, ['limit', '10'], ['limit', '']];
for (const query of [ONE_OF_EACH, SOME_TWICE]) {
  testRowsEverywhere(
    // Where a platform hands over one value of each name the others are lost, and the signature with them.
    doors.filter(({ name }) => name !== 'alb' || query === ONE_OF_EACH),
    IAM_URL,
    [
      { name: `a query of ${query.length} pairs that is signed`, request: sent({ query }), answer: 512 },
      {
        name: `a query of ${query.length} pairs with one more than was signed`,
        request: { ...sent({ query }), query: writtenQuery([...query, ['x', '']]) },
        answer: REFUSED,
      },
    ],
  );
}
// Percent signs that encode nothing are themselves; so is a plus sign. An empty pair is none.
const AS_SENT: readonly (readonly [query: string, signed: ToSign['query']])[] = [
  ['&a=b+c&d=e=f==&g=%&&h&', Object.entries({ a: 'b+c', d: 'e=f==', g: '%', h: '' })],
  ['a=100%&b=%zz%41&%=%ff&=d', Object.entries({ a: '100%', b: '%zzA', '%': '%ff', '': 'd' })],
];
testRowsEverywhere(
  [doors[0]],
  IAM_URL,
  AS_SENT.flatMap(([query, signed]): Row[] => [
    {
      name: `the query ${query} is signed by what it says`,
      request: { ...sent({ query: signed }), query },
      answer: 512,
    },
    { name: `the query ${query}%`, request: { ...sent({ query: signed }), query: `${query}%` }, answer: REFUSED },
  ]),
);

test('the audit line names the access key and nothing of the signature', async () => {
  const request = sent();
  lines.length = 0;
  for (const door of doors) await checkRow(door, IAM_URL, { name: '', request, answer: 512 });
  for (const line of lines) assert.equal(fieldsOf(JSON.parse(line)).access_key, KEY.accessKey);
  assert.doesNotMatch(lines.join(), /Signature|SDK-HMAC/);
  assert.equal(lines.length, doors.length);
});

testRows(await open('aksk'), IAM_URL, [
  {
    name: 'tokens are off: a token beside a signature is ignored',
    request: { ...sent(), tokens: ['a,b'] },
    answer: 512,
  },
  { name: 'tokens are off: a token alone is no credential', request: { tokens: [TOKEN] }, answer: '401 KMS.0301' },
]);
testRows(await open('static'), IAM_URL, [
  { name: 'keys are off: a signature beside a token is ignored', request: { ...sent(), tokens: [TOKEN] }, answer: 512 },
  { name: 'keys are off: a signature alone is no credential', request: sent(), answer: '401 KMS.0301' },
]);
