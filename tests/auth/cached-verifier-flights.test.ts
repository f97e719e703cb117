import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { deferred } from '../support/deferred.ts';
import { accepted, setUp } from './scripted-cache.ts';

for (const [ttlMs, questions] of [
  [300_000, 1],
  [0, 1_000],
] as const) {
  test(`a thousand requests with one token ask ${questions} times (a time of ${ttlMs} ms)`, async () => {
    const answer = deferred<Verdict>();
    const { asked, verify } = setUp({ ttlMs, answers: [answer.promise] });
    const verdicts = Array.from({ length: 1_000 }, () => verify('a'));
    answer.resolve(accepted());
    for (const verdict of await Promise.all(verdicts)) assert.deepEqual(verdict, accepted());
    assert.equal(asked.length, questions);
  });
}

test('a question that nobody waits for any more is not joined: a frozen instance left it behind', async () => {
  const { asked, verify } = setUp({ answers: [deferred<Verdict>().promise, accepted()] });
  const late = await verify('a', () => 0);
  assert(late.outcome === 'undecided' && late.indecision === 'timeout');
  assert.deepEqual(await verify('a', () => 60_000), accepted());
  assert.equal(asked.length, 2);
});

test('a question is joined while one of its callers waits, whoever has left', async () => {
  const answer = deferred<Verdict>();
  const { asked, verify } = setUp({ answers: [answer.promise] });
  const patient = verify('a');
  assert.equal((await verify('a', () => 0)).outcome, 'undecided');
  const joined = verify('a');
  answer.resolve(accepted());
  assert.deepEqual(await Promise.all([patient, joined]), [accepted(), accepted()]);
  assert.equal(asked.length, 1);
});

for (const [name, passedMs] of [
  ['whose time is up', 60_000],
  ['of a clock that was set back', -1],
] as const) {
  test(`a question ${name} is not joined`, async () => {
    const { asked, verify, clock } = setUp({ answers: [deferred<Verdict>().promise, accepted()] });
    void verify('a');
    clock.ms += passedMs;
    assert.deepEqual(await verify('a'), accepted());
    assert.equal(asked.length, 2);
  });
}

test('a thousand tokens on their way do not wait for each other', async () => {
  const held = deferred<Verdict>();
  const { asked, verify } = setUp({ entries: 1, answers: [held.promise, accepted()] });
  const first = verify('held');
  for (let index = 0; index < 1_000; index += 1) assert.equal((await verify(`t-${index}`)).outcome, 'accepted');
  held.resolve(accepted());
  assert.deepEqual(await first, accepted());
  assert.equal(asked.length, 1_001);
});

test('an authority that throws is asked again by the next request', async () => {
  const { asked, verify } = setUp({ answers: [Promise.reject(new Error('scripted')), accepted()] });
  const waiting = [verify('a'), verify('a')];
  for (const verdict of waiting) await assert.rejects(Promise.resolve(verdict), /scripted/);
  assert.equal((await verify('a')).outcome, 'accepted');
  assert.equal(asked.length, 2);
});

test('an authority that throws before it returns a promise is asked again by the next request', async () => {
  const { asked, verify } = setUp({ answers: [() => assert.fail('scripted')] });
  for (const _ of [1, 2]) await assert.rejects(async () => verify('a'), /scripted/);
  assert.equal(asked.length, 2);
});

test('no more tokens are remembered than the bound allows, the least used going first', async () => {
  const { asked, verify } = setUp({ entries: 3 });
  for (const token of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'd', 'b']) await verify(token);
  assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'b']);
});

test('a flood of unknown tokens evicts no good one', async () => {
  const answers: Verdict[] = [accepted(), rejected('unknown-token')];
  const { asked, verify } = setUp({ entries: 10, answers });
  await verify('good');
  for (let index = 0; index < 5_000; index += 1) await verify(`bad-${index}`);
  assert.equal((await verify('good')).outcome, 'accepted');
  assert.equal(asked.filter((token) => token === 'good').length, 1);
});

test('no more than a thousand refusals are remembered', async () => {
  const { asked, verify } = setUp({ answers: [rejected('unknown-token')] });
  for (let index = 0; index <= 1_000; index += 1) await verify(`bad-${index}`);
  await verify('bad-1000');
  assert.equal(asked.length, 1_001);
  await verify('bad-0');
  assert.equal(asked.length, 1_002);
});

test('the salt of the keys is drawn at the first use and not when the verifier is made', async () => {
  const { drawn, verify } = setUp();
  assert.deepEqual(drawn, []);
  await verify('a');
  await verify('b');
  assert.deepEqual(drawn, [32]);
});
