import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHttpFunction, type HttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { PATH } from '../support/contract.ts';
import { deferred } from '../support/deferred.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { wireRequest } from '../support/wire-request.ts';
import { count, startTestIam, type TestIam } from './test-iam.ts';
import { startTestService, type TestServiceOptions } from './test-service.ts';

// Numbers 7 and 8 of the list in verification-list.test.ts: many at once.

async function start(context: TestContext, options: Partial<TestServiceOptions> = {}) {
  const iam = await startTestIam(context);
  const service = await startTestService(context, { iamUrl: iam.url, clock: iam.clock, ...options });
  return { iam, service };
}

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

test(`7: ${CROWD} requests at once with one new token ask IAM once`, async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  const release = hold(iam);
  const answers = Array.from({ length: CROWD }, () => service.draws(token));
  await service.entered(CROWD);
  release();
  await Promise.all(answers);
  assert.deepEqual(iam.asked, [{ kind: 'validation', caller: token, subject: token }]);
});

test("7: of a hundred requests at once each gets IAM's failure, and the next one asks again", async (context) => {
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

test('7: who gives up does not take the verdict from those who wait with him', async (context) => {
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

test('7: requests with different tokens do not wait for each other', async (context) => {
  const { iam, service } = await start(context);
  const [held, other] = [await iam.issue(), await iam.issue()];
  const release = hold(iam);
  const waiting = service.draws(held);
  await service.entered(1);
  iam.misbehave(undefined);
  await service.draws(other);
  release();
  await waiting;
});

const FLOOD = 10_000;
const AT_ONCE = 50;
/** Long enough that keeping them all could not be overlooked: 20 MB. */
const BAD_TOKEN_CHARACTERS = 2_000;
const BOUND_BYTES = 10_000_000;

test(`8: ${FLOOD} different bad tokens leave a good one cached and memory bounded`, async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  await service.draws(token);
  const ask = byEvent(createHttpFunction(service.app));
  const flood = async (name: string, requests: number) => {
    for (let index = 0; index < requests; index += AT_ONCE) {
      const tokens = Array.from({ length: AT_ONCE }, (_, one) => `${name}-${index + one}`.padEnd(BAD_TOKEN_CHARACTERS));
      const statuses = await Promise.all(tokens.map((bad) => ask(`${bad}.`)));
      assert.deepEqual(new Set(statuses), new Set([403]));
      // What the test itself notes down is not the service's memory.
      iam.asked.length = 0;
    }
  };
  await flood('before', 1_500);
  const before = usedAfterCollection();
  await flood('flood', FLOOD);
  const grown = usedAfterCollection() - before;
  context.diagnostic(`memory grew by ${Math.round(grown / 1000)} kB`);
  assert.ok(grown < BOUND_BYTES, `${grown} bytes`);
  await service.draws(token);
  assert.deepEqual(iam.asked, []);
});

test('8: a bad token is asked about once in ten seconds', async (context) => {
  const { iam, service } = await start(context);
  for (const afterMs of [0, 0, 9_999, 1]) {
    iam.clock.ms += afterMs;
    await service.refuses('a-bad-token', '403 KMS.0302');
  }
  assert.equal(count(iam, 'validation'), 2);
});

test('8: more good tokens than the cache holds are all accepted, the longest unused being asked about again', async (context) => {
  const { iam, service } = await start(context, { entries: 3 });
  const tokens = await Promise.all([1, 2, 3, 4].map(() => iam.issue()));
  for (const token of tokens) await service.draws(token);
  for (const token of tokens.slice(1)) await service.draws(token);
  assert.equal(count(iam, 'validation'), 4);
  await service.draws(tokens[0] ?? '');
  assert.equal(count(iam, 'validation'), 5);
});

/** The chain without a connection of its own for each of many requests. @returns asks with a token for the status */
function byEvent(httpFunction: HttpFunction): (token: string) => Promise<number> {
  const shape = EVENT_SHAPES.find(({ name }) => name === 'apigw-http');
  assert.ok(shape);
  return async (token) => (await httpFunction(shape.eventOf(wireRequest({ tokens: [token] })), {})).statusCode;
}

function usedAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  assert.ok(typeof collect === 'function');
  collect();
  return process.memoryUsage().heapUsed;
}
