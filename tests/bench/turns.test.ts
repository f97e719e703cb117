import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare, partsOf, takeTurns } from '../../bench/support/turns.ts';

test('subjects take turns, each round begins with another one, and the first round does not count', async () => {
  const order: string[] = [];
  const subject = (name: string) => async () => ({ ms: order.push(name) });
  const runs = await takeTurns(3, { a: subject('a'), b: subject('b') });
  assert.equal(order.join(''), 'ab' + 'ab' + 'ba' + 'ab');
  assert.deepEqual(runs, { a: { ms: [3, 6, 7] }, b: { ms: [4, 5, 8] } });
});

test('what a sample starts has ended before the next one', async () => {
  const events: string[] = [];
  await takeTurns(0, {
    a: async (scope) => {
      events.push('starts');
      scope.after(() => events.push('ends'));
      return {};
    },
    b: async () => ({ events: events.push('next') }),
  });
  assert.deepEqual(events, ['starts', 'ends', 'next']);
});

test('a ratio is the median of the pairs, not the ratio of the medians', () => {
  const row = compare({ label: 'a row', unit: 'ms', values: [10, 40, 90], floor: ['the floor', [10, 10, 30]] });
  assert.equal(row.value, 40);
  assert.deepEqual(row.floor, { label: 'the floor', value: 10 });
  assert.deepEqual(row.ratio, { ratio: 3, quartiles: [2, 3.5], pairs: 3 });
});

test('small parts are summed up, and so is what no part has', () => {
  const parts = partsOf(100, { small: 1, large: 30, larger: 60, tiny: 0.5 });
  assert.deepEqual(Object.entries(parts), [
    ['larger', 60],
    ['large', 30],
    ['smaller parts', 10],
  ]);
});
