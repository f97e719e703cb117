import type { Chart } from './charts.ts';
import type { Scope } from './support/scope.ts';
import { number, withUnit } from './words.ts';

export interface Budget {
  readonly name: string;
  /** Which of a row's numbers is judged. */
  readonly of: 'ratio' | 'value';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  /** Allowance for noise: the share of the limit by which a figure may miss it before the run fails. */
  readonly tolerance: number;
  /** Where the limit is missed: the figure of today, which a run holds instead. docs/performance.md says why. */
  readonly held?: number;
}

export interface Row {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  /** From the runs that took turns with those of `value`. */
  readonly floor?: { readonly label: string; readonly value: number };
  /** The median of the ratios of pairs, of which half lie between the quartiles. */
  readonly ratio?: { readonly ratio: number; readonly quartiles: readonly [number, number]; readonly pairs: number };
  readonly budget?: Budget;
}

export interface Findings {
  readonly rows: readonly Row[];
  readonly chart?: Chart;
}

export interface Setting {
  /** `quick` is what CI can wait for: fewer rounds of the same. */
  readonly mode: 'full' | 'quick';
  /** A copy of `dist/`. */
  readonly artefacts: string;
  readonly scope: Scope;
}

export interface Measurement {
  /** As in `npm run bench -- NAME`. */
  readonly name: string;
  /** The heading of its section in docs/performance.md, which says how it is measured. */
  readonly title: string;
  readonly isFullOnly?: boolean;
  measure(setting: Setting): Promise<Findings>;
}

export type Result = Findings & Pick<Measurement, 'name' | 'title'>;

export type Judgement = NonNullable<ReturnType<typeof judge>>;

/** What became of a row's budget, in numbers and in words. */
export function judge({ budget, ...row }: Row) {
  if (budget === undefined) return undefined;
  const { name, of, bound, limit, tolerance, held = limit } = budget;
  const inWords = (value: number) => (of === 'ratio' ? number(value) : withUnit(value, row.unit));
  const figure = of === 'ratio' ? (row.ratio?.ratio ?? Number.NaN) : row.value;
  const isMost = bound === 'at most';
  const ceiling = held * (isMost ? 1 + tolerance : 1 - tolerance);
  const share = figure / limit;
  const missedBy = isMost ? share - 1 : 1 - share;
  const isWithin = isMost ? figure <= ceiling : figure >= ceiling;
  return {
    row,
    name,
    /** `missed`: by no more than the tolerance, or than it is known to be. `broken`: by more. */
    verdict: missedBy <= 0 ? 'kept' : isWithin ? 'missed' : 'broken',
    /** The share of the limit by which it is missed; below 0 where it is kept. */
    missedBy,
    /** The share of the limit that is used: above 1 where it is missed. */
    used: isMost ? share : 1 / share,
    figure: inWords(figure),
    limit: `${bound} ${inWords(limit)}`,
    /** Beyond this figure a run fails. */
    ceiling: inWords(ceiling),
    outcome: missedBy <= 0 ? 'kept' : `missed by ${Math.max(1, Math.round(missedBy * 100))} %`,
  };
}

export function judgements({ rows }: Pick<Result, 'rows'>): Judgement[] {
  return rows.flatMap((row) => judge(row) ?? []);
}

/** Why the run fails, a line for each broken budget. */
export function brokenTexts(result: Pick<Result, 'name' | 'rows'>): string[] {
  const broken = judgements(result).filter(({ verdict }) => verdict === 'broken');
  return broken.map(({ row, figure, limit, ceiling }) => {
    return `${result.name}: ${row.label} is ${figure}, the budget is ${limit}; a run fails beyond ${ceiling}`;
  });
}

/** One line for a terminal. */
export function rowText(row: Row): string {
  const { label, value, unit, floor, ratio } = row;
  const against = floor && ratio ? `, ${floor.label} ${withUnit(floor.value, unit)}: ratio ${ratioText(ratio)}` : '';
  const verdicts = judgements({ rows: [row] }).map(({ limit, outcome }) => ` [${limit}: ${outcome}]`);
  return `${label}: ${withUnit(value, unit)}${against}${verdicts.join('')}`;
}

export function ratioText({ ratio, quartiles: [low, high], pairs }: NonNullable<Row['ratio']>): string {
  return pairs > 1 ? `${ratio.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})` : ratio.toFixed(2);
}
