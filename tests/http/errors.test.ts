import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, catalogueRow, type ErrorKey } from '../../lib/errors.ts';
import { errorReply } from '../../lib/http/failure.ts';
import { appOf } from '../support/app.ts';
import { IAM_URL } from '../support/config.ts';
import { ERROR_SENTENCES, type Refusal, refusalAnswer } from '../support/contract.ts';
import { openHttpApi } from '../support/doors.ts';
import { fieldsOf } from '../support/samples.ts';
import { wireRequest } from '../support/wire-request.ts';

const keys = Object.keys(CATALOGUE).filter(isErrorKey);

test('the catalogue is the contract’s table, no more and no less', () => {
  const rows = keys.map((key): [string, string] => [refusalOf(key), catalogueRow(key).message]);
  assert.equal(new Set(rows.map(([row]) => row)).size, rows.length, 'two keys for one row');
  assert.deepEqual(Object.fromEntries(rows), ERROR_SENTENCES);
});

for (const key of keys) {
  test(`${key}: the whole reply, in both bodies`, () => {
    const expected = refusalAnswer(refusalOf(key), 'the-id', IAM_URL);
    const { statusCode, headers, body } = errorReply(key, 'the-id', { iamUrl: IAM_URL, body: 'documented' });
    assert.deepEqual({ status: statusCode, headers, body }, expected);
    const superset = errorReply(key, 'the-id', { iamUrl: IAM_URL, body: 'superset' });
    const { error } = JSON.parse(body);
    assert.deepEqual(JSON.parse(superset.body), { error, ...error, request_id: 'the-id' });
    assert.deepEqual({ ...superset, body }, { statusCode, headers, body });
  });
}

for (const [given, members] of [
  [undefined, ['error']],
  ['documented', ['error']],
  ['superset', ['error', 'error_code', 'error_msg', 'request_id']],
] as const) {
  test(`ERROR_BODY=${given ?? '(unset)'}: an error of the running service has ${members.join(', ')}`, async () => {
    const { answer, requestId } = await openHttpApi(appOf({ IAM_URL, ERROR_BODY: given })).send(wireRequest());
    const document = fieldsOf(JSON.parse(answer.body));
    assert.deepEqual(Object.keys(document), members);
    assert.equal(document.request_id ?? requestId, requestId);
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
