import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { PATH } from '../support/contract.ts';
import { deferred } from '../support/deferred.ts';
import { openHttpApi } from '../support/doors.ts';
import { count, type TestIam } from '../support/test-iam.ts';
import { wireRequest } from '../support/wire-request.ts';
import { start } from './test-service.ts';

/** Keeps IAM's answers back. @returns lets them go, with a status of its own if one is given */
function hold(iam: TestIam): (status?: number) => void {
  const held = deferred<number | undefined>();
  iam.misbehave(async (request, response) => {
    const status = await held.promise;
    if (status !== undefined) return response.writeHead(status).end();
    return iam.answer(request, response);
  });
  return (status) => {
    held.resolve(status);
    iam.misbehave(undefined);
  };
}

const CROWD = 1_000;

test(`${CROWD} requests at once with one new token ask IAM once`, async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const release = hold(iam);
  const answers = Array.from({ length: CROWD }, () => service.draws(token));
  await service.entered(CROWD);
  release();
  await Promise.all(answers);
  assert.deepEqual(iam.asked, [{ kind: 'validation', caller: token, subject: token }]);
});

test("of a hundred requests at once each gets IAM's failure, and the next one asks again", async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const release = hold(iam);
  const answers = Array.from({ length: 100 }, () => service.refuses(token, '502 APIGW.0201'));
  await service.entered(100);
  release(500);
  await Promise.all(answers);
  assert.equal(count(iam, 'validation'), 1);
  await service.draws(token);
  assert.equal(count(iam, 'validation'), 2);
});

test('a caller who gives up does not take the verdict from those who wait with them', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const release = hold(iam);
  const first = connect({ port: service.port, host: '127.0.0.1' });
  first.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nX-Auth-Token: ${token}\r\nContent-Length: 0\r\n\r\n`);
  await service.entered(1);
  const second = service.draws(token);
  await service.entered(2);
  await new Promise((resolve) => first.once('close', resolve).destroy());
  release();
  await second;
  await service.draws(token);
  assert.equal(count(iam, 'validation'), 1);
});

const FLOOD = 2_500;
const AT_ONCE = 50;
/** Long enough that keeping them all could not be overlooked: 20 MB. */
const BAD_TOKEN_CHARACTERS = 8_000;
const BOUND_BYTES = 10_000_000;

test(`${FLOOD} different bad tokens leave a good one cached and memory bounded`, async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  // By events: each of many requests would make a connection of its own.
  const { send } = openHttpApi(service.app);
  const flood = async (name: string, requests: number) => {
    for (let index = 0; index < requests; index += AT_ONCE) {
      const tokens = Array.from({ length: AT_ONCE }, (_, one) => `${name}-${index + one}`.padEnd(BAD_TOKEN_CHARACTERS));
      const answers = await Promise.all(tokens.map((bad) => send(wireRequest({ tokens: [`${bad}.`] }))));
      assert.deepEqual(new Set(answers.map(({ answer }) => answer.status)), new Set([403]));
      // What the test itself notes down is not the service's memory.
      iam.asked.length = 0;
    }
  };
  // Until the cache of refusals is full.
  await flood('before', 1_500);
  const before = usedAfterCollection();
  await flood('flood', FLOOD);
  const grown = usedAfterCollection() - before;
  context.diagnostic(`memory grew by ${Math.round(grown / 1000)} kB`);
  assert.ok(grown < BOUND_BYTES, `${grown} bytes`);
  await service.draws(token);
  assert.deepEqual(iam.asked, []);
});

function usedAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  collect();
  return process.memoryUsage().heapUsed;
}
