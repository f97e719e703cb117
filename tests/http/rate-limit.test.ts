import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JudgeCredential } from '../../lib/auth/judge-credential.ts';
import type { Principal } from '../../lib/auth/verdict.ts';
import { createPipeline } from '../../lib/http/pipeline.ts';
import { createAuditor } from '../../lib/telemetry/audit-line.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import { PROJECT_ID, refusalAnswer } from '../support/contract.ts';
import { httpRequest } from '../support/http-request.ts';
import type { Fields } from '../support/samples.ts';
import { drawCounting, SCRIPTED_IAM_URL } from '../support/scripted-app.ts';
import type { HeaderLine } from '../support/wire-request.ts';

/** The chain with a limit and a clock that is moved by hand; a token names its user. */
function limitedChain(rateLimitPerSecond: number) {
  const clock = { nowMs: 1_000_000 };
  const lines: Fields[] = [];
  let draws = 0;
  const log = createLog({ level: 'error', writeLine: (line) => lines.push(JSON.parse(line)), now: () => 0 });
  const monotonicMs = () => clock.nowMs;
  const judge: JudgeCredential = ({ headerValues }) => {
    const [name = ''] = headerValues('x-auth-token');
    const isKey = name.startsWith('AK');
    const principal: Principal = {
      projectId: PROJECT_ID,
      roles: [],
      userId: isKey ? undefined : name,
      ...(isKey && { accessKey: name }),
    };
    return { outcome: 'accepted', principal, expiresAtMs: Number.MAX_SAFE_INTEGER };
  };
  const pipeline = createPipeline({
    writeAuditLine: createAuditor({ log, monotonicMs }),
    monotonicMs,
    errors: { iamUrl: SCRIPTED_IAM_URL, body: 'documented' },
    judge,
    allowedRoles: undefined,
    draw: (length) => {
      draws += 1;
      return drawCounting(length);
    },
    rateLimitPerSecond,
  });
  async function ask(user: string, body = '{"random_data_length":"8"}') {
    const headers: HeaderLine[] = [
      ['content-type', 'application/json'],
      ['x-auth-token', user],
    ];
    return pipeline(httpRequest({ headers, body }));
  }
  /** @returns how many of so many requests in one moment are served */
  async function served(user: string, count: number): Promise<number> {
    let good = 0;
    for (let index = 0; index < count; index += 1) good += (await ask(user)).statusCode === 200 ? 1 : 0;
    return good;
  }
  return { clock, lines, ask, served, draws: () => draws };
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

test('each principal has a rate of his own, by user and by access key', async () => {
  const { served } = limitedChain(2);
  for (const user of ['one', 'two', 'AK1', 'AK2']) assert.equal(await served(user, 5), 2, user);
});

test('a refused request is answered with Retry-After, draws nothing and costs nothing', async () => {
  const { ask, served, draws, lines, clock } = limitedChain(2);
  assert.equal(await served('user', 2), 2);
  const { statusCode: status, headers, body } = await ask('user');
  assert.deepEqual({ status, headers, body }, refusalAnswer('429 APIGW.0308', 'r-1', SCRIPTED_IAM_URL));
  assert.equal(headers['Retry-After'], '1');
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
  assert.equal((await ask('user', '{')).statusCode, 400);
  assert.equal((await ask('user')).statusCode, 429);
});
