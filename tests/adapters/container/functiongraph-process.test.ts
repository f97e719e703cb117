import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runHandler } from '../../support/child-process.ts';
import { PATH } from '../../support/contract.ts';
import { STATIC, STATIC_TOKEN } from '../../support/started-service.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PLATFORM_ID = '66a6f6a4f3b14ef69e8bbfd5d3bd1e9c';

/** The container with nothing but what FunctionGraph gives an HTTP function. @returns where it listens */
async function startFunction(context: TestContext, more: Readonly<Record<string, string>>): Promise<string> {
  const userData = JSON.stringify({ HOST: '127.0.0.1', PORT: '0', ...STATIC });
  const { written } = runHandler(context, 'server.ts', { RUNTIME_USERDATA: userData, ...more });
  const [, port] = await written(/"message":"listening".*"port":([0-9]+)/);
  return `http://127.0.0.1:${port}`;
}

/** @returns the id in the answer to a request that names one */
async function answeredId(origin: string, given: string): Promise<string> {
  const headers = {
    'Content-Type': 'application/json',
    'X-Auth-Token': STATIC_TOKEN,
    'X-CFF-Request-Id': given,
  };
  const response = await fetch(origin + PATH, { method: 'POST', headers, body: '{"random_data_length":"8"}' });
  assert.deepEqual([response.status, (await response.text()).length], [200, '{"random_data":"A5"}'.length]);
  return response.headers.get('x-request-id') ?? '';
}

test("an HTTP function is configured by RUNTIME_USERDATA, and its requests have the platform's id", async (context) => {
  const origin = await startFunction(context, { RUNTIME_FUNC_NAME: 'gen-random' });
  assert.equal(await answeredId(origin, PLATFORM_ID), PLATFORM_ID);
  for (const malformed of ['', 'one two', 'größe', 'a'.repeat(129), `${PLATFORM_ID}, ${PLATFORM_ID}`]) {
    assert.match(await answeredId(origin, Buffer.from(malformed).toString('latin1')), UUID);
  }
});

test("a container that is no function takes no client's word for the id", async (context) => {
  const origin = await startFunction(context, {});
  assert.match(await answeredId(origin, PLATFORM_ID), UUID);
});
