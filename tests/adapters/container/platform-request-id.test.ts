import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PATH, UUID } from '../../support/contract.ts';
import { STATIC, type StartedService, startContainer } from '../../support/started-service.ts';

const ID = '66a6f6a4f3b14ef69e8bbfd5d3bd1e9c';

/** @returns the id in the answer to a request that names one, which is the one in its audit line */
async function answeredId({ origin, audited }: StartedService, given: string): Promise<string> {
  const response = await fetch(origin + PATH, { headers: { 'X-CFF-Request-Id': given } });
  const id = response.headers.get('x-request-id') ?? '';
  assert.equal(audited().at(-1)?.request_id, id);
  return id;
}

test("in a FunctionGraph function the platform's own id is the request's, if it is one", async (context) => {
  const container = await startContainer(context, { ...STATIC, RUNTIME_FUNC_NAME: 'gen-random' });
  assert.equal(await answeredId(container, ID), ID);
  assert.equal(await answeredId(container, 'a'.repeat(128)), 'a'.repeat(128));
  for (const malformed of ['', 'a'.repeat(129), 'one two', `${ID}, ${ID}`]) {
    assert.match(await answeredId(container, malformed), UUID);
  }
});

test('elsewhere anybody may send that header, and it is ignored', async (context) => {
  assert.match(await answeredId(await startContainer(context, STATIC), ID), UUID);
});
