import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected } from '../../lib/auth/verdict.ts';
import { accepted, HOUR_MS, type Setup, START_MS, setUp, UNDECIDED } from './scripted-cache.ts';

test('a token is asked about once and then answered at once, without a promise', async () => {
  const { asked, verify } = setUp();
  const first = await verify('a');
  assert.equal(verify('a'), first);
  assert.deepEqual(asked, ['a']);
});

test('another token is asked about by itself', async () => {
  const { asked, verify } = setUp({ answers: [accepted(undefined, 'u-a'), accepted(undefined, 'u-b')] });
  await verify('a');
  assert.deepEqual(await verify('b'), accepted(undefined, 'u-b'));
  assert.deepEqual(await verify('a'), accepted(undefined, 'u-a'));
  assert.deepEqual(asked, ['a', 'b']);
});

const REFUSED: Setup = { answers: [rejected('unknown-token')] };

const LIFE: readonly { name: string; setup: Setup; afterMs: number; isAskedAgain: boolean }[] = [
  { name: 'an accepted token just before its time', setup: {}, afterMs: 299_999, isAskedAgain: false },
  { name: 'an accepted token at the end of its time', setup: {}, afterMs: 300_000, isAskedAgain: true },
  { name: 'an accepted token of a shorter time', setup: { ttlMs: 1_000 }, afterMs: 1_000, isAskedAgain: true },
  { name: 'an accepted token with a time of 0', setup: { ttlMs: 0 }, afterMs: 0, isAskedAgain: true },
  { name: 'a refused token just before its time', setup: REFUSED, afterMs: 9_999, isAskedAgain: false },
  { name: 'a refused token after ten seconds', setup: REFUSED, afterMs: 10_000, isAskedAgain: true },
  {
    name: 'a refused token of a shorter time',
    setup: { ...REFUSED, ttlMs: 1_000 },
    afterMs: 1_000,
    isAskedAgain: true,
  },
  { name: 'a refused token with a time of 0', setup: { ...REFUSED, ttlMs: 0 }, afterMs: 0, isAskedAgain: true },
  { name: 'a token that could not be judged', setup: { answers: [UNDECIDED] }, afterMs: 0, isAskedAgain: true },
  { name: 'an accepted token after the clock was set back', setup: {}, afterMs: -1, isAskedAgain: true },
  { name: 'a refused token after the clock was set back', setup: REFUSED, afterMs: -HOUR_MS, isAskedAgain: true },
];
for (const { name, setup, afterMs, isAskedAgain } of LIFE) {
  test(`${name} is ${isAskedAgain ? 'asked about again' : 'known'}`, async () => {
    const { asked, clock, verify } = setUp(setup);
    const first = await verify('a');
    clock.ms += afterMs;
    assert.deepEqual(await verify('a'), first);
    assert.equal(asked.length, isAskedAgain ? 2 : 1);
  });
}

test('a use does not lengthen the life of a token', async () => {
  const { asked, clock, verify } = setUp();
  await verify('a');
  clock.ms += 299_999;
  await verify('a');
  clock.ms += 1;
  await verify('a');
  assert.equal(asked.length, 2);
});

test('a token past its own expiry is refused even on a hit', async () => {
  const { asked, clock, verify } = setUp({ answers: [accepted(START_MS + 5_000)] });
  assert.equal((await verify('a')).outcome, 'accepted');
  clock.ms += 4_999;
  assert.equal((await verify('a')).outcome, 'accepted');
  clock.ms += 1;
  assert.deepEqual(await verify('a'), rejected('expired-token'));
  assert.deepEqual(asked, ['a']);
});

test('a token that IAM withdrew is refused once its time in memory is over', async () => {
  const { clock, verify } = setUp({ answers: [accepted(), rejected('unknown-token')] });
  await verify('a');
  clock.ms += 300_000;
  assert.deepEqual(await verify('a'), rejected('unknown-token'));
  assert.deepEqual(await verify('a'), rejected('unknown-token'));
});

test('a token that IAM withdrew is not taken from memory again by a clock that is set back', async () => {
  const { asked, clock, verify } = setUp({ answers: [accepted(), rejected('unknown-token'), UNDECIDED] });
  await verify('a');
  clock.ms += 300_000;
  await verify('a');
  clock.ms -= 299_000;
  assert.deepEqual(await verify('a'), UNDECIDED);
  assert.equal(asked.length, 3);
});

test('a token that becomes known is accepted once its refusal is over', async () => {
  const { clock, verify } = setUp({ answers: [rejected('unknown-token'), accepted()] });
  await verify('a');
  clock.ms += 10_000;
  assert.equal((await verify('a')).outcome, 'accepted');
  clock.ms += 20_000;
  assert.equal((await verify('a')).outcome, 'accepted');
});

test('an outage behind an expired memory is told and not remembered', async () => {
  const { clock, verify } = setUp({ answers: [accepted(), UNDECIDED, accepted()] });
  await verify('a');
  clock.ms += 300_000;
  assert.deepEqual(await verify('a'), UNDECIDED);
  assert.equal((await verify('a')).outcome, 'accepted');
});

test('a known token stays known while IAM is out', async () => {
  const { asked, clock, verify } = setUp({ answers: [accepted(), UNDECIDED] });
  await verify('a');
  assert.deepEqual(await verify('b'), UNDECIDED);
  clock.ms += 299_999;
  assert.equal((await verify('a')).outcome, 'accepted');
  assert.deepEqual(asked, ['a', 'b']);
});

test('with a time of 0 the authority decides about an expired token, too', async () => {
  const { asked, clock, verify } = setUp({ ttlMs: 0, answers: [accepted(START_MS + 1), rejected('unknown-token')] });
  await verify('a');
  clock.ms += 1;
  assert.deepEqual(await verify('a'), rejected('unknown-token'));
  assert.equal(asked.length, 2);
});
