import { type Budget, failsBeyond, judge, judgedFigure, missedBy, type Row } from './measurement.ts';

/** Three digits that count, with separators for thousands. */
export function number(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function withUnit(value: number, unit: string): string {
  return unit === 'times' ? number(value) : `${number(value)} ${unit}`;
}

export function budgetText({ bound, limit, of }: Budget, unit: string): string {
  return `${bound} ${of === 'ratio' ? number(limit) : withUnit(limit, unit)}`;
}

/** The figure beyond which a run fails. */
export function ceilingText(budget: Budget, unit: string): string {
  const beyond = failsBeyond(budget);
  return budget.of === 'ratio' ? number(beyond) : withUnit(beyond, unit);
}

export function verdictText(row: Row, budget: Budget): string {
  return judge(row) === 'kept' ? 'kept' : `missed by ${Math.max(1, Math.round(missedBy(row, budget) * 100))} %`;
}

/** One line for a terminal. */
export function rowText(row: Row): string {
  const { label, value, unit, floor, ratio, budget } = row;
  const against = floor && ratio ? `, ${floor.label} ${withUnit(floor.value, unit)}: ratio ${ratioText(ratio)}` : '';
  const judged = budget === undefined ? '' : ` [${budgetText(budget, unit)}: ${verdictText(row, budget)}]`;
  return `${label}: ${withUnit(value, unit)}${against}${judged}`;
}

export function ratioText({ ratio, quartiles: [low, high], pairs }: NonNullable<Row['ratio']>): string {
  return pairs > 1 ? `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})` : ratio.toFixed(2);
}

/** Why the run fails. */
export function brokenText(measurement: string, row: Row, budget: Budget): string {
  const figure = judgedFigure(row, budget);
  const shown = budget.of === 'ratio' ? number(figure) : withUnit(figure, row.unit);
  const fails = `a run fails beyond ${ceilingText(budget, row.unit)}`;
  return `${measurement}: ${row.label} is ${shown}, the budget is ${budgetText(budget, row.unit)}; ${fails}`;
}
