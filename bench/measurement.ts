import type { Scope } from './support/scope.ts';
import type { Ratio } from './support/statistics.ts';

export interface Budget {
  /** Of what, in a few words. */
  readonly name: string;
  /** Which of a row's numbers is judged. */
  readonly of: 'ratio' | 'value';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  /** The share of the limit by which a figure may miss it before the run fails: what one run differs from the next. */
  readonly tolerance: number;
  /** Where the limit is not reached. */
  readonly missed?: Missed;
}

export interface Missed {
  /** The figure that is reached instead. A run fails beyond it, by the tolerance, as it would beyond the limit. */
  readonly held: number;
  /** What keeps it from the limit, and what was tried. Sentences. */
  readonly why: string;
}

export interface Row {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  /** Of the runs that took turns with those of `value`. */
  readonly floor?: { readonly label: string; readonly value: number };
  readonly ratio?: Ratio;
  readonly budget?: Budget;
}

/** Values along something that grows. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly kind: 'bars' | 'lines';
  readonly title: string;
  readonly x?: string;
  /** Where a doubling is a step along the axis. */
  readonly isLogarithmic?: boolean;
  readonly unit: string;
  readonly series: readonly Series[];
  /** Of the bars, in their order. */
  readonly names?: readonly string[];
}

export interface Findings {
  readonly rows: readonly Row[];
  readonly charts?: readonly Chart[];
  /** What a reader of the figures has to know. */
  readonly notes?: readonly string[];
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
  readonly title: string;
  /** How it is measured, in one or two sentences. */
  readonly how: string;
  /** Left out of a quick run. */
  readonly isFullOnly?: boolean;
  measure(setting: Setting): Promise<Findings>;
}

/** A measurement as it was taken. */
export interface Result extends Findings {
  readonly name: string;
  readonly title: string;
  readonly how: string;
}

/** `missed`: by no more than the tolerance, or than it is known to be. `broken`: by more. */
export type Verdict = 'kept' | 'missed' | 'broken';

export function judge(row: Row): Verdict | undefined {
  const { budget } = row;
  if (budget === undefined) return undefined;
  if (missedBy(row, budget) <= 0) return 'kept';
  return isBeyond(judgedFigure(row, budget), budget) ? 'broken' : 'missed';
}

/** The share of the limit by which a row misses it; below 0 where it is kept. */
export function missedBy(row: Row, budget: Budget): number {
  const share = judgedFigure(row, budget) / budget.limit;
  return budget.bound === 'at most' ? share - 1 : 1 - share;
}

/** What a figure must not pass for the run to succeed. */
export function failsBeyond({ bound, limit, tolerance, missed }: Budget): number {
  return (missed?.held ?? limit) * (bound === 'at most' ? 1 + tolerance : 1 - tolerance);
}

function isBeyond(figure: number, budget: Budget): boolean {
  return budget.bound === 'at most' ? !(figure <= failsBeyond(budget)) : !(figure >= failsBeyond(budget));
}

export function judgedFigure(row: Row, budget: Budget): number {
  return budget.of === 'ratio' ? (row.ratio?.ratio ?? Number.NaN) : row.value;
}
