import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Budget, brokenTexts, judge, type Row } from '../../bench/measurement.ts';

const AT_MOST: Budget = { name: 'a cost', of: 'value', bound: 'at most', limit: 100, tolerance: 0.1 };
const AT_LEAST: Budget = { name: 'a speed', of: 'value', bound: 'at least', limit: 100, tolerance: 0.1 };
const MISSED: Budget = { ...AT_MOST, held: 120 };
const SLOW: Budget = { ...AT_LEAST, held: 80 };

const CASES: readonly (readonly [budget: Budget, figure: number, verdict: string, text: string])[] = [
  [AT_MOST, 100, 'kept', 'kept'],
  [AT_MOST, 101, 'missed', 'missed by 1 %'],
  [AT_MOST, 110, 'missed', 'missed by 10 %'],
  [AT_MOST, 111, 'broken', 'missed by 11 %'],
  [AT_LEAST, 100, 'kept', 'kept'],
  [AT_LEAST, 90, 'missed', 'missed by 10 %'],
  [AT_LEAST, 89, 'broken', 'missed by 11 %'],
  [MISSED, 99, 'kept', 'kept'],
  [MISSED, 130, 'missed', 'missed by 30 %'],
  [MISSED, 133, 'broken', 'missed by 33 %'],
  [SLOW, 75, 'missed', 'missed by 25 %'],
  [SLOW, 71, 'broken', 'missed by 29 %'],
  [AT_MOST, Number.NaN, 'broken', 'missed by NaN %'],
];

const rowOf = (budget: Budget, value: number): Row => ({ label: 'a row', value, unit: 'ms', budget });

suite('a budget', () => {
  for (const [budget, figure, verdict, outcome] of CASES) {
    const held = budget.held === undefined ? '' : `, ${budget.held} held,`;
    test(`of ${budget.bound} ${budget.limit}${held} is ${verdict} by ${figure}`, () => {
      const judged = judge(rowOf(budget, figure));
      assert.deepEqual([judged?.verdict, judged?.outcome], [verdict, outcome]);
    });
  }

  test('that is broken is reported with the figure, the budget and what a run fails beyond', () => {
    assert.deepEqual(brokenTexts({ name: 'a-measurement', rows: [rowOf(MISSED, 150), rowOf(MISSED, 130)] }), [
      'a-measurement: a row is 150 ms, the budget is at most 100 ms; a run fails beyond 132 ms',
    ]);
  });

  test('of a ratio is judged by the ratio', () => {
    const row = rowOf({ ...AT_MOST, of: 'ratio', limit: 2 }, 500);
    assert.equal(judge({ ...row, ratio: { ratio: 1.5, quartiles: [1, 2], pairs: 3 } })?.verdict, 'kept');
  });
});
