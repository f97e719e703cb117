import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, catalogueRow, type ErrorKey } from '../../lib/errors.ts';
import { errorReply } from '../../lib/http/failure.ts';
import { ERROR_SENTENCES, type Refusal, refusalAnswer } from '../support/contract.ts';

const keys = Object.keys(CATALOGUE).filter(isErrorKey);
const IAM_URL = 'https://iam.test/v3';

test('the catalogue is the contract’s table, no more and no less', () => {
  const rows = keys.map((key): [string, string] => [refusalOf(key), catalogueRow(key).message]);
  assert.equal(new Set(rows.map(([row]) => row)).size, rows.length, 'two keys for one row');
  assert.deepEqual(Object.fromEntries(rows), ERROR_SENTENCES);
});

for (const key of keys) {
  const { status, code, message, retryAfterSeconds } = catalogueRow(key);

  test(`${key}: an error status, a code of Huawei’s shape, a fixed sentence`, () => {
    assert(Number.isInteger(status) && status >= 400 && status <= 599);
    assert.match(code, /^(?:KMS|APIGW)\.[0-9]{4}$/);
    assert.match(message, /^[A-Z_a-z][A-Za-z0-9_,\- /]*\.(?: [A-Z][a-z ]*\.)?$/);
    assert(!/\$\{|%[a-z]|\{\}|undefined|null\./i.test(message));
  });

  test(`${key}: Retry-After stands where a repetition makes sense`, () => {
    assert.equal(retryAfterSeconds !== undefined, [429, 502, 504].includes(status));
    if (retryAfterSeconds !== undefined) assert(Number.isInteger(retryAfterSeconds) && retryAfterSeconds > 0);
  });

  test(`${key}: the whole reply, in both bodies`, () => {
    const expected = refusalAnswer(refusalOf(key), 'the-id', IAM_URL);
    const { statusCode, headers, body } = errorReply(key, 'the-id', { iamUrl: IAM_URL, body: 'documented' });
    assert.deepEqual({ status: statusCode, headers, body }, expected);
    const superset = errorReply(key, 'the-id', { iamUrl: IAM_URL, body: 'superset' });
    const error = { error_code: code, error_msg: message };
    assert.deepEqual(JSON.parse(superset.body), { error, ...error, request_id: 'the-id' });
    assert.deepEqual({ ...superset, body }, { statusCode, headers, body });
  });
}

test('without an IAM nobody is sent to one', () => {
  const { headers } = errorReply('credential-missing', 'the-id', { iamUrl: undefined, body: 'documented' });
  assert.equal(headers['WWW-Authenticate'], undefined);
});

function refusalOf(key: ErrorKey): Refusal {
  const { status, code } = catalogueRow(key);
  const row = `${status} ${code}`;
  assert(isRefusal(row), `${row} is no row of the contract`);
  return row;
}

function isRefusal(row: string): row is Refusal {
  return row in ERROR_SENTENCES;
}

function isErrorKey(key: string): key is ErrorKey {
  return key in CATALOGUE;
}
