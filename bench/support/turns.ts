import type { Point } from '../charts.ts';
import type { Budget, Row } from '../measurement.ts';
import { type Scope, withScope } from './scope.ts';

/** @param share 0 to 1 */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

type Sample = (scope: Scope) => Promise<object>;
type Samples<S> = S extends (scope: Scope) => Promise<infer F> ? { readonly [K in keyof F]: number[] } : never;

/**
 * Samples every subject once a round; each round begins with another one. What a sample starts ends with its scope. The
 * first round does not count: it is for the compiler and the page cache.
 *
 * @returns for each subject and each figure the values, round by round
 */
export async function takeTurns<S extends Readonly<Record<string, Sample>>>(rounds: number, subjects: S) {
  const names = Object.keys(subjects);
  const runs = Object.fromEntries(names.map((name) => [name, {} as Record<string, number[]>]));
  for (let round = -1; round < rounds; round += 1) {
    const first = Math.max(round, 0) % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const figures = Object.entries((await withScope(async (scope) => subjects[name]?.(scope))) ?? {});
      const kept = runs[name] ?? {};
      for (const [figure, value] of figures) kept[figure] = round < 0 ? [] : [...(kept[figure] ?? []), value];
    }
  }
  return runs as { readonly [K in keyof S]: Samples<S[K]> };
}

export interface Comparison {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** The runs that took turns with those. */
  readonly floor: readonly [label: string, values: readonly number[]];
  readonly budget?: Budget | undefined;
}

/** Medians of runs, of their floor, and of the ratios of pairs: other work on the machine slows both of a pair. */
export function compare({ label, unit, values, floor: [name, floors], budget }: Comparison): Row {
  const ratios = values.map((value, index) => value / (floors[index] ?? Number.NaN));
  const quartiles = [quantile(ratios, 0.25), quantile(ratios, 0.75)] as const;
  const ratio = { ratio: median(ratios), quartiles, pairs: ratios.length };
  const floor = { label: name, value: median(floors) };
  return { label, value: median(values), unit, floor, ratio, ...(budget && { budget }) };
}

/** The lines of a chart: the figures of rows and those of their floors, at so many places along an axis. */
export function linesOf(rows: readonly Row[], places: readonly number[]): Readonly<Record<string, Point[]>> {
  const points = (of: (row: Row) => number) => rows.map((row, index): Point => [places[index] ?? 0, of(row)]);
  const floor = rows[0]?.floor?.label ?? '';
  return { 'gen-random': points(({ value }) => value), [floor]: points((row) => row.floor?.value ?? 0) };
}

/** Parts of a whole, largest first; those below a fiftieth are summed up. */
export function partsOf(whole: number, parts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const large = Object.entries(parts).filter(([, value]) => value > whole / 50);
  const rest = large.reduce((left, [, value]) => left - value, whole);
  return Object.fromEntries([...large.toSorted(([, one], [, other]) => other - one), ['smaller parts', rest]]);
}
