import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { ServiceError } from '../../lib/errors.ts';
import { deferred } from '../support/deferred.ts';
import { accepted, setUp, UNDECIDED } from './scripted-cache.ts';

/** So many places, and how many are free. */
function places(limit: number) {
  const state = {
    left: limit,
    take() {
      if (state.left === 0) return false;
      state.left -= 1;
      return true;
    },
    free() {
      state.left += 1;
    },
  };
  return state;
}

function isThrottled(error: unknown): boolean {
  return error instanceof ServiceError && error.key === 'throttled' && error.reason === 'too-many-validations';
}

test('a caller beyond the bound is refused at once, joining or not, and IAM is not asked', () => {
  const strangers = places(2);
  const { asked, verify } = setUp({
    answers: [deferred<Verdict>().promise],
    places: { known: places(1), strangers },
  });
  void verify('a');
  void verify('a');
  for (const token of ['a', 'b']) assert.throws(() => verify(token), isThrottled);
  assert.deepEqual([asked, strangers.left], [['a'], 0]);
});

test('a token that was accepted before is asked about again, however many strangers wait', async () => {
  const { asked, clock, verify } = setUp({
    answers: [accepted(), deferred<Verdict>().promise, accepted()],
    places: { known: places(1), strangers: places(1) },
  });
  await verify('known');
  void verify('stranger');
  clock.ms += 300_000;
  assert.throws(() => verify('another'), isThrottled);
  assert.deepEqual(await verify('known'), accepted());
  assert.deepEqual(asked, ['known', 'stranger', 'known']);
});

test('callers with known tokens are bounded too', async () => {
  const { clock, verify } = setUp({
    answers: [accepted(), deferred<Verdict>().promise],
    places: { known: places(1), strangers: places(1) },
  });
  await verify('known');
  clock.ms += 300_000;
  void verify('known');
  assert.throws(() => verify('known'), isThrottled);
});

test('a token that IAM has withdrawn is a stranger again', async () => {
  const strangers = places(1);
  const { clock, verify } = setUp({
    answers: [accepted(), rejected('unknown-token')],
    places: { known: places(1), strangers },
  });
  await verify('a');
  clock.ms += 300_000;
  await verify('a');
  clock.ms += 10_000;
  strangers.left = 0;
  assert.throws(() => verify('a'), isThrottled);
});

test('what is remembered needs no place', async () => {
  const strangers = places(1);
  const { verify } = setUp({
    answers: [accepted(), rejected('unknown-token'), deferred<Verdict>().promise],
    places: { known: places(0), strangers },
  });
  await verify('good');
  await verify('bad');
  void verify('silent');
  assert.equal(strangers.left, 0);
  assert.deepEqual([verify('good'), verify('bad')], [accepted(), rejected('unknown-token')]);
});

for (const [name, answer] of [
  ['an acceptance', accepted()],
  ['a refusal', rejected('unknown-token')],
  ['no verdict', UNDECIDED],
  ['a defect', Promise.reject<Verdict>(new Error('scripted'))],
] as const) {
  test(`a place is free again after ${name}`, async () => {
    const strangers = places(2);
    const { verify } = setUp({ answers: [answer], places: { known: places(0), strangers } });
    await Promise.allSettled([verify('a'), verify('a')]);
    assert.equal(strangers.left, 2);
  });
}

test('a place is free again when the platform ends the wait', async () => {
  const strangers = places(1);
  const { verify } = setUp({ answers: [deferred<Verdict>().promise], places: { known: places(0), strangers } });
  assert.equal((await verify('a', () => 0)).outcome, 'undecided');
  assert.equal(strangers.left, 1);
});
