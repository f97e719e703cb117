import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../../lib/config/config.ts';
import { PATH } from '../../support/contract.ts';
import { STATIC, startContainer } from '../../support/started-service.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @returns the id in the answer to a request that names one, which is the one in its audit line */
async function answeredId(context: TestContext, environment: Environment, given: string): Promise<string> {
  const { origin, audited } = await startContainer(context, { ...STATIC, ...environment });
  const response = await fetch(origin + PATH, { headers: { 'X-CFF-Request-Id': given } });
  const id = response.headers.get('x-request-id') ?? '';
  assert.deepEqual(
    audited().map((line) => line.request_id),
    [id],
  );
  return id;
}

test("in a FunctionGraph function the platform's own id is the request's", async (context) => {
  const id = '66a6f6a4f3b14ef69e8bbfd5d3bd1e9c';
  assert.equal(await answeredId(context, { RUNTIME_FUNC_NAME: 'gen-random' }, id), id);
});

test('elsewhere anybody may send that header, and it is ignored', async (context) => {
  assert.match(await answeredId(context, {}, '66a6f6a4f3b14ef69e8bbfd5d3bd1e9c'), UUID);
});

for (const [name, id] of [
  ['empty', ''],
  ['too long', 'a'.repeat(129)],
  ['of two words', 'one two'],
] as const) {
  test(`an id that is ${name} is ignored`, async (context) => {
    assert.match(await answeredId(context, { RUNTIME_FUNC_NAME: 'gen-random' }, id), UUID);
  });
}
