export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export interface Ratio {
  readonly ratio: number;
  /** Half of the pairs lie between these two. */
  readonly quartiles: readonly [number, number];
  readonly pairs: number;
}

/** The median of the ratios of runs that took turns: what slows the machine down meets both of a pair. */
export function pairedRatio(values: readonly number[], floors: readonly number[]): Ratio {
  const ratios = values.map((value, index) => value / (floors[index] ?? Number.NaN));
  return { ratio: median(ratios), quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)], pairs: ratios.length };
}

export type Runs<K extends string> = Readonly<Record<K, number[]>>;

/** Runs every subject once a round, each round beginning with another one. */
export async function interleave<K extends string>(
  rounds: number,
  subjects: Readonly<Record<K, () => number | Promise<number>>>,
): Promise<Runs<K>> {
  const names = Object.keys(subjects) as K[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const [index] of names.entries()) {
      const name = names[(round + index) % names.length] as K;
      runs[name].push(await subjects[name]());
    }
  }
  return runs;
}
