import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createJudge } from '../../lib/auth/judge-credential.ts';
import type { Principal } from '../../lib/auth/verdict.ts';
import { PROJECT_ID, refusalAnswer } from '../support/contract.ts';
import { openHttpApi } from '../support/doors.ts';
import { createScriptedApp, drawCounting, SCRIPTED_IAM_URL } from '../support/scripted-app.ts';
import { wireRequest } from '../support/wire-request.ts';

/** The chain with a limit and a clock that is moved by hand; a token names its user. */
function limitedChain(rateLimitPerSecond: number) {
  const clock = { nowMs: 1_000_000 };
  let draws = 0;
  const { app, lines } = createScriptedApp({
    judge: createJudge({
      iam: (token) => ({ outcome: 'accepted', principal: principalOf(token), expiresAtMs: Number.MAX_SAFE_INTEGER }),
    }),
    draw: (length) => {
      draws += 1;
      return drawCounting(length);
    },
    monotonicMs: () => clock.nowMs,
    rateLimitPerSecond,
  });
  const { send } = openHttpApi(app);
  const ask = (user: string, body = '{"random_data_length":"8"}') => send(wireRequest({ tokens: [user], body }));
  /** @returns how many of so many requests in one moment are served */
  async function served(user: string, count: number): Promise<number> {
    let good = 0;
    for (let index = 0; index < count; index += 1) good += (await ask(user)).answer.status === 200 ? 1 : 0;
    return good;
  }
  return { clock, lines, ask, served, draws: () => draws };
}

function principalOf(name: string): Principal {
  const isKey = name.startsWith('AK');
  return { projectId: PROJECT_ID, roles: [], userId: isKey ? undefined : name, ...(isKey && { accessKey: name }) };
}

for (const perSecond of [1, 3, 7, 10, 600, 1_000]) {
  test(`${perSecond} a second: a burst of as many, then no more`, async () => {
    const { served } = limitedChain(perSecond);
    assert.equal(await served('user', perSecond + 20), perSecond);
  });
}

test('what was spent comes back evenly, one request each interval', async () => {
  const { clock, served } = limitedChain(10);
  assert.equal(await served('user', 20), 10);
  clock.nowMs += 99;
  assert.equal(await served('user', 5), 0);
  clock.nowMs += 1;
  assert.equal(await served('user', 5), 1);
  clock.nowMs += 300;
  assert.equal(await served('user', 5), 3);
});

test('after a second of quiet the whole burst is back, after an hour no more than that', async () => {
  const { clock, served } = limitedChain(10);
  await served('user', 20);
  clock.nowMs += 1_000;
  assert.equal(await served('user', 20), 10);
  clock.nowMs += 3_600_000;
  assert.equal(await served('user', 20), 10);
});

test('over a minute of constant asking the rate is kept', async () => {
  const { clock, served } = limitedChain(5);
  let good = 0;
  for (let tick = 0; tick < 600; tick += 1) {
    good += await served('user', 2);
    clock.nowMs += 100;
  }
  assert.equal(good, 5 + 60 * 5 - 1);
});

test('each principal has a rate of their own, by user and by access key', async () => {
  const { served } = limitedChain(2);
  for (const user of ['one', 'two', 'AK1', 'AK2']) assert.equal(await served(user, 5), 2, user);
});

test('a refused request is answered with Retry-After, draws nothing and costs nothing', async () => {
  const { ask, served, draws, lines, clock } = limitedChain(2);
  assert.equal(await served('user', 2), 2);
  const { answer, requestId } = await ask('user');
  assert.deepEqual(answer, refusalAnswer('429 APIGW.0308', requestId, SCRIPTED_IAM_URL));
  assert.deepEqual(
    [lines[2]?.status, lines[2]?.code, lines[2]?.reason, lines[2]?.user_id, lines.length],
    [429, 'APIGW.0308', 'rate-limit', 'user', 3],
  );
  await served('user', 50);
  assert.equal(draws(), 2);
  // Had the refused ones been counted, half a second would not be enough.
  clock.nowMs += 500;
  assert.equal(await served('user', 1), 1);
});

test('a request that is refused for its body counts, for it has been authenticated', async () => {
  const { ask } = limitedChain(1);
  assert.equal((await ask('user', '{')).answer.status, 400);
  assert.equal((await ask('user')).answer.status, 429);
});
