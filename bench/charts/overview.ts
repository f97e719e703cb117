import { area, label, line, svg, WIDTH } from '../../scripts/statistics/svg.ts';
import { type Budget, judgedFigure, type Result, type Row } from '../measurement.ts';
import { budgetText, number, withUnit } from '../wording.ts';
import { box } from './bars.ts';

const LEFT = 300;
const RIGHT = WIDTH - 190;
const TOP = 60;
const STEP = 28;
/** Where a budget is used up. */
const FULL = LEFT + (RIGHT - LEFT) * 0.6;

/** How much of each budget is used: what ends before the line is kept, what passes it is missed. */
export function overview(results: readonly Result[]): string {
  const judged = results.flatMap(({ rows }) =>
    rows.flatMap((row) => (row.budget === undefined ? [] : [{ row, budget: row.budget }])),
  );
  const bottom = TOP + judged.length * STEP;
  return svg('Budgets: how much of each is used', bottom + 16, [
    label('the budget', FULL, TOP - 12, 'middle'),
    ...judged.flatMap(({ row, budget }, index) => {
      const middle = TOP + index * STEP + STEP / 2;
      const used = usedShare(row, budget);
      const end = Math.min(LEFT + (FULL - LEFT) * used, RIGHT);
      return [
        label(budget.name, LEFT - 12, middle + 4, 'end'),
        area(box(LEFT, middle, end - LEFT), used <= 1 ? 's2' : 's1'),
        label(`${figureText(row, budget)} (${budgetText(budget, row.unit)})`, Math.max(end, FULL) + 8, middle + 4),
      ];
    }),
    line(
      [
        [FULL, TOP - 6],
        [FULL, bottom],
      ],
      'faint',
    ),
  ]);
}

function usedShare(row: Row, budget: Budget): number {
  const share = judgedFigure(row, budget) / budget.limit;
  return budget.bound === 'at most' ? share : 1 / share;
}

function figureText(row: Row, budget: Budget): string {
  const figure = judgedFigure(row, budget);
  return budget.of === 'ratio' ? number(figure) : withUnit(figure, row.unit);
}
