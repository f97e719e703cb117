import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createServiceToken } from '../../lib/auth/iam/service-token.ts';
import type { Undecided } from '../../lib/auth/verdict.ts';
import type { Failed, Outcome } from '../../lib/outbound/send.ts';
import { SERVICE, START_MS } from '../support/test-iam.ts';

// What becomes of the service's own token while IAM's login stumbles. Times are milliseconds since the first login.

const HOUR_MS = 3_600_000;
const PATIENT = Number.POSITIVE_INFINITY;

function login(token: string, lifeMs: number): Outcome {
  const body = { token: { expires_at: new Date(START_MS + lifeMs).toISOString() } };
  return {
    kind: 'answer',
    status: 201,
    headers: { 'x-subject-token': token },
    body: Buffer.from(JSON.stringify(body)),
  };
}

function answered(status: number): Outcome {
  return { kind: 'answer', status, headers: {}, body: Buffer.from('{"error":{"message":"no"}}') };
}

const failed = (failure: Failed['failure']): Outcome => ({ kind: 'failed', failure, detail: 'scripted' });

/** The service's account at an IAM that answers its logins from a script; the last answer is repeated. */
function setUp(...script: readonly Outcome[]) {
  const clock = { ms: START_MS };
  const state = { script, logins: 0, jitter: 1 };
  const account = createServiceToken({
    iamUrl: 'https://iam.test/v3',
    account: SERVICE,
    async send() {
      const answer = state.script[Math.min(state.logins, state.script.length - 1)];
      state.logins += 1;
      return answer ?? assert.fail('no answer');
    },
    timeoutMs: 1_000,
    now: () => clock.ms,
    monotonicMs: () => 0,
    jitter: () => state.jitter,
  });
  return {
    clock,
    state,
    account,
    /** The token, or the reason why there is none, once a login that it began is over. */
    async ask(atMs: number): Promise<string> {
      clock.ms = START_MS + atMs;
      const result = await account.current(PATIENT);
      await turn();
      return wordOf(result);
    },
  };
}

function wordOf(result: { readonly token: string } | Undecided): string {
  return 'token' in result ? result.token : result.reason;
}

const STUMBLES: readonly (readonly [name: string, answer: Outcome, reason: string])[] = [
  ['429', answered(429), 'iam-login-throttled'],
  ...[302, 400, 404, 500, 502, 503].map((status) => [`${status}`, answered(status), 'iam-login-bad-answer'] as const),
  ['200', { ...login('a', HOUR_MS), status: 200 } as Outcome, 'iam-login-bad-answer'],
  ['201 without a token', { ...login('a', HOUR_MS), headers: {} } as Outcome, 'iam-login-bad-answer'],
  ['201 with a token that has expired', login('a', -1), 'iam-login-bad-answer'],
  ['no connection', failed('unreachable'), 'iam-login-unreachable'],
  ['half an answer', failed('bad-answer'), 'iam-login-bad-answer'],
];

suite('a login that fails is tried again soon, with growing pauses', () => {
  for (const [name, answer, reason] of STUMBLES) {
    test(name, async () => {
      const { ask, state } = setUp(answer);
      for (const [atMs, logins] of [
        [0, 1],
        [249, 1],
        [250, 2],
        [749, 2],
        [750, 3],
        [1_749, 3],
        [1_750, 4],
        [3_749, 4],
        [3_750, 5],
        [7_749, 5],
        [7_750, 6],
        // No pause is longer than five seconds.
        [12_749, 6],
        [12_750, 7],
        [17_749, 7],
        [17_750, 8],
      ] as const) {
        assert.equal(await ask(atMs), reason);
        assert.equal(state.logins, logins, `${atMs} ms`);
      }
      state.script = [login('good', HOUR_MS)];
      assert.equal(await ask(22_749), reason);
      assert.equal(await ask(22_750), 'good');
    });
  }
});

test('after a success the pauses begin anew', async () => {
  const { ask, state } = setUp(answered(503), answered(503), login('short', 2_000), answered(503));
  for (const atMs of [0, 250]) await ask(atMs);
  assert.equal(await ask(750), 'short');
  await ask(2_000);
  await ask(2_249);
  assert.equal(state.logins, 4);
  await ask(2_250);
  assert.equal(state.logins, 5);
});

test('a pause varies, down to half of its length', async () => {
  const { ask, state } = setUp(answered(503));
  state.jitter = 0.5;
  for (const [atMs, logins] of [
    [0, 1],
    [124, 1],
    [125, 2],
    [374, 2],
    [375, 3],
  ] as const) {
    await ask(atMs);
    assert.equal(state.logins, logins, `${atMs} ms`);
  }
});

test('a login that timed out has waited already: the next one begins at once', async () => {
  const { ask, state } = setUp(failed('timeout'), login('good', HOUR_MS));
  assert.equal(await ask(0), 'iam-login-timeout');
  assert.equal(await ask(0), 'good');
  assert.equal(state.logins, 2);
});

for (const status of [401, 403]) {
  test(`an account that IAM refuses with ${status} is tried once in ten seconds, however often`, async () => {
    const { ask, state } = setUp(answered(status));
    for (const [atMs, logins] of [
      [0, 1],
      [9_999, 1],
      [10_000, 2],
      [19_999, 2],
      [20_000, 3],
    ] as const) {
      assert.equal(await ask(atMs), 'iam-login-refused');
      assert.equal(state.logins, logins, `${atMs} ms`);
    }
  });

  test(`a clock that is set back does not lengthen the pause after ${status}`, async () => {
    const { ask, state } = setUp(answered(status), login('good', HOUR_MS));
    await ask(0);
    assert.equal(await ask(-1), 'good');
    assert.equal(state.logins, 2);
  });
}

suite('a token that still has life in it is used until its end', () => {
  for (const [name, answer] of [
    ...STUMBLES,
    ['a time-out', failed('timeout')],
    ['401', answered(401)],
    ['403', answered(403)],
  ] as const) {
    test(`while logins come to ${name}`, async () => {
      const { ask, state } = setUp(login('first', 120_000), answer);
      for (const atMs of [0, 59_999]) assert.equal(await ask(atMs), 'first');
      assert.equal(state.logins, 1);
      // 50 s, 1 s and 1 ms to live.
      for (const atMs of [60_000, 70_000, 119_000, 119_999]) assert.equal(await ask(atMs), 'first');
      assert.ok(state.logins > 1);
      assert.match(await ask(120_000), /^iam-login-/);
    });
  }
});

test('in the last minute of a token there is one login for a pause, however many ask', async () => {
  const { ask, state } = setUp(login('first', 120_000), answered(503));
  await ask(0);
  for (const [atMs, logins] of [
    [60_000, 2],
    [60_249, 2],
    [60_250, 3],
    [60_749, 3],
    [60_750, 4],
  ] as const) {
    for (const _ of [1, 2, 3]) assert.equal(await ask(atMs), 'first');
    assert.equal(state.logins, logins, `${atMs} ms`);
  }
});

test('a token is renewed beside the work that it still does', async () => {
  const { ask, state } = setUp(login('first', 120_000), login('second', HOUR_MS));
  assert.equal(await ask(0), 'first');
  assert.equal(await ask(60_000), 'first');
  assert.equal(await ask(60_000), 'second');
  assert.equal(state.logins, 2);
});

test('a token that lives for less than two minutes is renewed at half of its life', async () => {
  const { ask, state } = setUp(login('first', 20_000), login('second', HOUR_MS));
  for (const [atMs, token, logins] of [
    [0, 'first', 1],
    [9_999, 'first', 1],
    [10_000, 'first', 2],
    [10_000, 'second', 2],
  ] as const) {
    assert.equal(await ask(atMs), token);
    assert.equal(state.logins, logins);
  }
});

test('a token just renewed that IAM refuses too is not renewed again for ten seconds', async () => {
  const { ask, account, clock, state } = setUp(
    login('first', HOUR_MS),
    login('second', HOUR_MS),
    login('third', HOUR_MS),
  );
  await ask(0);
  const renew = async () => {
    const refused = await account.current(PATIENT);
    return 'token' in refused ? wordOf(await account.renewed(refused, PATIENT)) : assert.fail();
  };
  assert.equal(await renew(), 'second');
  for (const atMs of [0, 9_999]) {
    clock.ms = START_MS + atMs;
    for (const _ of [1, 2, 3]) assert.equal(await renew(), 'iam-login-refused');
  }
  assert.equal(state.logins, 2);
  clock.ms = START_MS + 10_000;
  assert.equal(await renew(), 'third');
});

test('a clock that is set back does not keep a refused token from being renewed', async () => {
  const { ask, account, state } = setUp(login('first', HOUR_MS), login('second', HOUR_MS), login('third', HOUR_MS));
  await ask(0);
  for (const [atMs, token] of [
    [0, 'second'],
    [-1, 'third'],
  ] as const) {
    await ask(atMs);
    const refused = await account.current(PATIENT);
    assert.ok('token' in refused);
    assert.equal(wordOf(await account.renewed(refused, PATIENT)), token);
  }
  assert.equal(state.logins, 3);
});

test('of many who met one refusal the first logs in, and a token that was replaced meanwhile is not', async () => {
  const { ask, account, state } = setUp(login('first', HOUR_MS), login('second', HOUR_MS));
  await ask(0);
  const refused = await account.current(PATIENT);
  assert.ok('token' in refused);
  const renewed = await Promise.all([1, 2, 3].map(() => account.renewed(refused, PATIENT)));
  assert.deepEqual(renewed.map(wordOf), ['second', 'second', 'second']);
  assert.equal(wordOf(await account.renewed(refused, PATIENT)), 'second');
  assert.equal(state.logins, 2);
});
