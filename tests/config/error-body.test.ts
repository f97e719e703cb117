import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, catalogueRow, type ErrorKey } from '../../lib/errors.ts';
import { errorReply } from '../../lib/http/failure.ts';
import { appOf } from '../support/app.ts';
import { ERROR_SENTENCES } from '../support/contract.ts';
import { openServerDoor } from '../support/server-door.ts';
import { wireRequest } from '../support/wire-request.ts';

const REQUEST_ID = '5e0f7a60-0000-4000-8000-000000000001';
const SENTENCES: Readonly<Record<string, string>> = ERROR_SENTENCES;

function isErrorKey(key: string): key is ErrorKey {
  return key in CATALOGUE;
}

for (const key of Object.keys(CATALOGUE).filter(isErrorKey)) {
  const { status, code } = catalogueRow(key);
  const error = { error_code: code, error_msg: SENTENCES[`${status} ${code}`] };

  test(`ERROR_BODY=documented: ${key} is the documented body and nothing else`, () => {
    const reply = errorReply(key, REQUEST_ID, { iamUrl: undefined, body: 'documented' });
    assert.deepEqual([reply.statusCode, JSON.parse(reply.body)], [status, { error }]);
  });

  test(`ERROR_BODY=superset: ${key} has code, sentence and request id at the top level too`, () => {
    const documented = errorReply(key, REQUEST_ID, { iamUrl: undefined, body: 'documented' });
    const reply = errorReply(key, REQUEST_ID, { iamUrl: undefined, body: 'superset' });
    assert.deepEqual(JSON.parse(reply.body), { error, ...error, request_id: REQUEST_ID });
    assert.deepEqual([reply.statusCode, reply.headers], [documented.statusCode, documented.headers]);
  });
}

for (const [body, members] of [
  [undefined, ['error']],
  ['documented', ['error']],
  ['superset', ['error', 'error_code', 'error_msg', 'request_id']],
] as const) {
  test(`ERROR_BODY=${body ?? '(unset)'}: an error of the running service has ${members.join(', ')}`, async (context) => {
    const environment = { IAM_URL: 'https://iam.test/v3', ERROR_BODY: body };
    const { door, close } = await openServerDoor(appOf(environment, () => undefined));
    context.after(close);
    const { answer, requestId } = await door.send(wireRequest());
    const document: unknown = JSON.parse(answer.body);
    assert.ok(typeof document === 'object' && document !== null);
    assert.deepEqual(Object.keys(document), members);
    if ('request_id' in document) assert.equal(document.request_id, requestId);
  });
}
