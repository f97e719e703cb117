import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { UNSIGNED_PAYLOAD } from '../../lib/huawei-signing/signature.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import { BODY, KEY, OTHER_KEY, sign, type ToSign, toSign, verdictOf } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const DATE = '20250806T101530Z';

/** What arrives: the request that was signed but for what is changed on its way. */
interface Arrival extends ToSign {
  readonly authorization: string;
  readonly projectId: string;
}

function arrive(signed: ToSign, changes: Partial<Arrival> = {}, nowMs = NOW_MS): Verdict {
  const arrival: Arrival = { ...signed, authorization: sign(signed), projectId: PROJECT_ID, ...changes };
  const lines: HeaderLine[] = [...arrival.headers, ['Authorization', arrival.authorization]];
  const { method, path, query, body, projectId } = arrival;
  return verdictOf([OTHER_KEY, KEY], nowMs, httpRequest({ method, path, query, body, headers: lines }), projectId);
}

function replaced(headers: readonly HeaderLine[], name: string, value: string): HeaderLine[] {
  return headers.map((line) => (line[0] === name ? [name, value] : line));
}

type Pairs = ToSign['query'];

const GOOD = toSign(NOW_MS);
const WITH_QUERY: ToSign = { ...GOOD, query: [['a', '1']] };
const ACCEPTED: Verdict = {
  outcome: 'accepted',
  principal: { projectId: PROJECT_ID, userId: undefined, accessKey: KEY.accessKey, roles: undefined },
  expiresAtMs: Number.POSITIVE_INFINITY,
};

test('a good signature is accepted, for the project and by the name of its key', () => {
  assert.deepEqual(arrive(GOOD), ACCEPTED);
});

const PAIRS: Pairs = Object.entries({ a: '1', b: '2' });
const STILL_GOOD: readonly { name: string; signed?: Partial<ToSign>; changes?: Partial<Arrival> }[] = [
  { name: 'the date alone signed', signed: { headers: [['X-Sdk-Date', DATE]] } },
  { name: 'a slash at the end of the path that was not signed', changes: { path: `${PATH}/` } },
  {
    name: 'a slash at the end of the path that was signed and not sent',
    signed: { path: `${PATH}/` },
    changes: { path: PATH },
  },
  { name: 'a query in another order', signed: { query: PAIRS }, changes: { query: PAIRS.toReversed() } },
  {
    name: 'blanks around a signed value',
    changes: { headers: replaced(GOOD.headers, 'Content-Type', ' application/json ') },
  },
  {
    name: 'blanks around X-Project-Id',
    changes: { headers: replaced(GOOD.headers, 'X-Project-Id', ` \t${PROJECT_ID}\t `) },
  },
  { name: 'a header that is not signed', changes: { headers: [...GOOD.headers, ['Accept', '*/*']] } },
  {
    name: 'a header that is not signed twice',
    changes: { headers: [...GOOD.headers, ['Accept', 'a'], ['Accept', 'b']] },
  },
  { name: 'blanks around the credential', changes: { authorization: `  ${sign(GOOD)} ` } },
  { name: 'no blanks behind the commas', changes: { authorization: sign(GOOD).replaceAll(', ', ',') } },
  {
    name: 'names of headers in upper case',
    changes: { authorization: sign(GOOD).replace('content-type', 'Content-Type') },
  },
  { name: 'an empty body', signed: { body: '' } },
  { name: 'a body of several bytes a character', signed: { body: '{"a":"ü€"}' } },
  {
    name: 'a body that is not signed',
    signed: { headers: [...GOOD.headers, ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD]] },
    changes: { body: 'another' },
  },
];
for (const { name, signed = {}, changes = {} } of STILL_GOOD) {
  const request = { ...GOOD, ...signed };
  test(`accepted: ${name}`, () => assert.deepEqual(arrive(request, changes), ACCEPTED));
}

const CREDENTIAL = sign(GOOD);
const CHANGED: Readonly<Record<string, Partial<Arrival>>> = {
  'the method': { method: 'POSS' },
  'the path': { path: PATH.replace('gen', 'gem') },
  'a name in the query': { query: [['b', '1']] },
  'a value in the query': { query: [['a', '2']] },
  'a query that was taken away': { query: [] },
  'a query with one pair more': { query: [...WITH_QUERY.query, ...WITH_QUERY.query] },
  'a signed header': { headers: replaced(GOOD.headers, 'Content-Type', 'application/jsom') },
  'the date': { headers: replaced(GOOD.headers, 'X-Sdk-Date', '20250806T101531Z') },
  'the body': { body: BODY.replace('512', '513') },
  'a body with one byte more': { body: `${BODY} ` },
  'a body that was taken away': { body: '' },
  'the secret key': {
    authorization: sign({ ...WITH_QUERY, key: { ...KEY, secretKey: `${KEY.secretKey}x` } }),
  },
  'the access key': { authorization: CREDENTIAL.replace('Access=A', 'Access=B') },
  'another key that is known': { authorization: CREDENTIAL.replace(KEY.accessKey, OTHER_KEY.accessKey) },
  'the first digit of the signature': { authorization: flipped(sign(WITH_QUERY), -64) },
  'the last digit of the signature': { authorization: flipped(sign(WITH_QUERY), -1) },
  'a signed header left out of the list': { authorization: sign(WITH_QUERY).replace('content-type;', '') },
  'a body that is said not to be signed': { headers: [...GOOD.headers, ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD]] },
};
for (const [name, changes] of Object.entries(CHANGED)) {
  test(`refused: ${name} changed by one character or so`, () => {
    assert.deepEqual(arrive(WITH_QUERY, changes), rejected('wrong-signature'));
  });
}

test('refused: a hash of the body in a header, where the body is another', () => {
  const headers: HeaderLine[] = [...GOOD.headers, ['X-Sdk-Content-Sha256', 'e'.repeat(64)]];
  assert.deepEqual(arrive({ ...GOOD, headers }), ACCEPTED);
  assert.deepEqual(arrive({ ...GOOD, headers }, { body: '' }), rejected('wrong-signature'));
});

test('refused: an unknown key, whatever it is signed with', () => {
  for (const secretKey of ['NOBODYSKEY', '', 'undefined', KEY.secretKey]) {
    const key = { accessKey: 'NOBODYSKEY', secretKey };
    assert.deepEqual(arrive({ ...GOOD, key }), rejected('wrong-signature'));
  }
});

for (const value of [OTHER_PROJECT_ID, '', PROJECT_ID.toUpperCase(), `${PROJECT_ID}0`, `${PROJECT_ID}\u00a0`]) {
  test(`refused: X-Project-Id ${JSON.stringify(value)} that is not the path's`, () => {
    const headers = replaced(GOOD.headers, 'X-Project-Id', value);
    assert.deepEqual(arrive({ ...GOOD, headers }), rejected('signature-of-another-project'));
  });
}

test('refused: a second X-Project-Id, of another project, that nobody signed', () => {
  const headers = GOOD.headers.filter(([name]) => name !== 'X-Project-Id');
  const twice: HeaderLine[] = [...headers, ['X-Project-Id', PROJECT_ID], ['X-Project-Id', OTHER_PROJECT_ID]];
  assert.deepEqual(
    arrive({ ...GOOD, headers }, { headers: twice, authorization: sign({ ...GOOD, headers }) }),
    rejected('signature-of-another-project'),
  );
});

function flipped(text: string, index: number): string {
  const digit = text.at(index);
  const at = text.length + index;
  return `${text.slice(0, at)}${digit === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}
