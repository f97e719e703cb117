import { type Budget, judge, judgedFigure, type Row, type Verdict } from './measurement.ts';

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

/** With the share by which it may be missed before a run fails. */
export function toleranceText({ bound, tolerance }: Budget): string {
  return tolerance === 0 ? 'none' : `${bound === 'at most' ? '+' : '−'}${Math.round(tolerance * 100)} %`;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  kept: 'kept',
  missed: 'missed, within the tolerance',
  broken: 'missed',
};

export function verdictText(row: Row): string {
  const verdict = judge(row);
  return verdict === undefined ? '' : VERDICTS[verdict];
}

/** One line for a terminal. */
export function rowText(row: Row): string {
  const { label, value, unit, floor, ratio, budget } = row;
  const against = floor && ratio ? `, ${floor.label} ${withUnit(floor.value, unit)}: ratio ${ratioText(ratio)}` : '';
  const judged = budget === undefined ? '' : ` [${budgetText(budget, unit)}: ${verdictText(row)}]`;
  return `${label}: ${withUnit(value, unit)}${against}${judged}`;
}

export function ratioText({ ratio, quartiles: [low, high], pairs }: NonNullable<Row['ratio']>): string {
  return pairs > 1 ? `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})` : ratio.toFixed(2);
}

/** Why the run fails. */
export function brokenText(measurement: string, row: Row, budget: Budget): string {
  const figure = judgedFigure(row, budget);
  const shown = budget.of === 'ratio' ? number(figure) : withUnit(figure, row.unit);
  const tolerance = `${Math.round(budget.tolerance * 100)} % tolerance`;
  return `${measurement}: ${row.label} is ${shown}, the budget is ${budgetText(budget, row.unit)} (${tolerance})`;
}
