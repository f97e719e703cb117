import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Rejection, rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { UNSIGNED_PAYLOAD } from '../../lib/huawei-signing/signature.ts';
import { OTHER_PROJECT_ID, PATH, PROJECT_ID } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';
import { BODY, KEY, OTHER_KEY, sign, type ToSign, toSign, verdictOf } from './signed-request.ts';

const NOW_MS = Date.parse('2025-08-06T10:15:30Z');
const DATE = '20250806T101530Z';

/** What arrives: the request that was signed but for what is changed on its way. */
interface Arrival extends ToSign {
  readonly authorizations: readonly string[];
  readonly projectId: string;
}

function arrive(signed: ToSign, changes: Partial<Arrival> = {}, nowMs = NOW_MS): Verdict {
  const arrival: Arrival = { ...signed, authorizations: [sign(signed)], projectId: PROJECT_ID, ...changes };
  const lines: HeaderLine[] = [
    ...arrival.headers,
    ...arrival.authorizations.map((value): HeaderLine => ['Authorization', value]),
  ];
  const { method, path, query, body, projectId } = arrival;
  return verdictOf([OTHER_KEY, KEY], nowMs, httpRequest({ method, path, query, body, headers: lines }), projectId);
}

function refused(rejection: Rejection): Verdict {
  return rejected(rejection);
}

function replaced(headers: readonly HeaderLine[], name: string, value: string): HeaderLine[] {
  return headers.map((line) => (line[0] === name ? [name, value] : line));
}

const GOOD = toSign(NOW_MS);
const ACCEPTED: Verdict = {
  outcome: 'accepted',
  principal: { projectId: PROJECT_ID, userId: undefined, accessKey: KEY.accessKey, roles: undefined },
  expiresAtMs: Number.POSITIVE_INFINITY,
};

test('a good signature is accepted, for the project and by the name of its key', () => {
  assert.deepEqual(arrive(GOOD), ACCEPTED);
});

const STILL_GOOD: readonly { name: string; signed?: Partial<ToSign>; changes?: Partial<Arrival> }[] = [
  { name: 'the date alone signed', signed: { headers: [['X-Sdk-Date', DATE]] } },
  { name: 'a slash at the end of the path that was not signed', changes: { path: `${PATH}/` } },
  {
    name: 'a slash at the end of the path that was signed and not sent',
    signed: { path: `${PATH}/` },
    changes: { path: PATH },
  },
  {
    name: 'a query in another order',
    signed: {
      query: [
        ['a', '1'],
        ['b', '2'],
      ],
    },
    changes: {
      query: [
        ['b', '2'],
        ['a', '1'],
      ],
    },
  },
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
  { name: 'blanks around the credential', changes: { authorizations: [`  ${sign(GOOD)} `] } },
  { name: 'no blanks behind the commas', changes: { authorizations: [sign(GOOD).replaceAll(', ', ',')] } },
  {
    name: 'names of headers in upper case',
    changes: { authorizations: [sign(GOOD).replace('content-type', 'Content-Type')] },
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
const CHANGED: readonly { name: string; changes: Partial<Arrival>; rejection?: Rejection }[] = [
  { name: 'the method', changes: { method: 'POSS' } },
  { name: 'the path', changes: { path: PATH.replace('gen', 'gem') } },
  { name: 'a name in the query', changes: { query: [['b', '1']] } },
  { name: 'a value in the query', changes: { query: [['a', '2']] } },
  { name: 'a query that was taken away', changes: { query: [] } },
  {
    name: 'a query with one pair more',
    changes: {
      query: [
        ['a', '1'],
        ['a', '1'],
      ],
    },
  },
  { name: 'a signed header', changes: { headers: replaced(GOOD.headers, 'Content-Type', 'application/jsom') } },
  { name: 'the date', changes: { headers: replaced(GOOD.headers, 'X-Sdk-Date', '20250806T101531Z') } },
  { name: 'the body', changes: { body: BODY.replace('512', '513') } },
  { name: 'a body with one byte more', changes: { body: `${BODY} ` } },
  { name: 'a body that was taken away', changes: { body: '' } },
  {
    name: 'the secret key',
    changes: {
      authorizations: [sign({ ...GOOD, query: [['a', '1']], key: { ...KEY, secretKey: `${KEY.secretKey}x` } })],
    },
  },
  { name: 'the access key', changes: { authorizations: [CREDENTIAL.replace('Access=A', 'Access=B')] } },
  {
    name: 'another key that is known',
    changes: { authorizations: [CREDENTIAL.replace(KEY.accessKey, OTHER_KEY.accessKey)] },
  },
  {
    name: 'the first digit of the signature',
    changes: { authorizations: [flipped(sign({ ...GOOD, query: [['a', '1']] }), -64)] },
  },
  {
    name: 'the last digit of the signature',
    changes: { authorizations: [flipped(sign({ ...GOOD, query: [['a', '1']] }), -1)] },
  },
  {
    name: 'a signed header left out of the list',
    changes: { authorizations: [sign({ ...GOOD, query: [['a', '1']] }).replace('content-type;', '')] },
  },
  {
    name: 'a body that is said not to be signed',
    changes: { headers: [...GOOD.headers, ['X-Sdk-Content-Sha256', UNSIGNED_PAYLOAD]] },
  },
];
for (const { name, changes } of CHANGED) {
  test(`refused: ${name} changed by one character or so`, () => {
    assert.deepEqual(arrive({ ...GOOD, query: [['a', '1']] }, changes), refused('wrong-signature'));
  });
}

test('refused: a hash of the body in a header, where the body is another', () => {
  const headers: HeaderLine[] = [...GOOD.headers, ['X-Sdk-Content-Sha256', 'e'.repeat(64)]];
  assert.deepEqual(arrive({ ...GOOD, headers }), ACCEPTED);
  assert.deepEqual(arrive({ ...GOOD, headers }, { body: '' }), refused('wrong-signature'));
});

test('refused: an unknown key, whatever it is signed with', () => {
  for (const secretKey of ['NOBODYSKEY', '', 'undefined', KEY.secretKey]) {
    const key = { accessKey: 'NOBODYSKEY', secretKey };
    assert.deepEqual(arrive({ ...GOOD, key }), refused('wrong-signature'));
  }
});

for (const value of [OTHER_PROJECT_ID, '', PROJECT_ID.toUpperCase(), `${PROJECT_ID}0`, `${PROJECT_ID}\u00a0`]) {
  test(`refused: X-Project-Id ${JSON.stringify(value)} that is not the path's`, () => {
    const headers = replaced(GOOD.headers, 'X-Project-Id', value);
    assert.deepEqual(arrive({ ...GOOD, headers }), refused('signature-of-another-project'));
  });
}

test('refused: a second X-Project-Id, of another project, that nobody signed', () => {
  const headers = GOOD.headers.filter(([name]) => name !== 'X-Project-Id');
  const twice: HeaderLine[] = [...headers, ['X-Project-Id', PROJECT_ID], ['X-Project-Id', OTHER_PROJECT_ID]];
  assert.deepEqual(
    arrive({ ...GOOD, headers }, { headers: twice, authorizations: [sign({ ...GOOD, headers })] }),
    refused('signature-of-another-project'),
  );
});

function flipped(text: string, index: number): string {
  const digit = text.at(index);
  const at = text.length + index;
  return `${text.slice(0, at)}${digit === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}
