/**
 * Label names and values, in the order in which they are written. Values come from small fixed sets: never a token or a
 * user.
 */
export type Labels = Readonly<Record<string, string>>;

/** One metric in Prometheus' text exposition format 0.0.4. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  samples(): readonly string[];
}

/** A count that only grows, one series for each set of labels. */
export class Counter implements Metric {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #series = new Map<string, number>();

  /** @param labelSets the series that are there from the start */
  constructor(name: string, help: string, labelSets: readonly Labels[] = []) {
    this.name = name;
    this.help = help;
    for (const labels of labelSets) this.add(labels, 0);
  }

  add(labels: Labels, amount = 1): void {
    const key = seriesName(this.name, labels);
    this.#series.set(key, (this.#series.get(key) ?? 0) + amount);
  }

  samples(): readonly string[] {
    return [...this.#series].map(([key, value]) => `${key} ${value}`);
  }
}

/**
 * Values that somebody else keeps, read when they are asked for: one without labels, or one for each set of them. What
 * cannot be read is left out: without a free file descriptor, Node cannot even tell how much memory it has.
 */
export function readMetric(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  read: () => number | readonly (readonly [labels: Labels, value: number])[],
): Metric {
  const samples = (): string[] => {
    const values = tryRead(read);
    if (typeof values === 'number') return [`${name} ${values}`];
    return values.map(([labels, value]) => `${seriesName(name, labels)} ${value}`);
  };
  return { type, name, help, samples };
}

function tryRead<Values>(read: () => Values): Values | readonly [] {
  try {
    return read();
  } catch {
    return [];
  }
}

/** A distribution in seconds, one for each set of labels. */
export class Histogram implements Metric {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<
    string,
    { readonly labels: Labels; readonly counts: number[]; sum: number; count: number }
  >();

  /** @param bounds upper bounds in seconds, ascending. @param labelSets the series that are there from the start */
  constructor(name: string, help: string, bounds: readonly number[], labelSets: readonly Labels[] = [{}]) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    for (const labels of labelSets) this.#seriesOf(labels);
  }

  observe(labels: Labels, seconds: number): void {
    const series = this.#seriesOf(labels);
    series.sum += seconds;
    series.count += 1;
    const index = this.#bounds.findIndex((bound) => seconds <= bound);
    if (index !== -1) series.counts[index] = (series.counts[index] ?? 0) + 1;
  }

  samples(): readonly string[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum, count }) => {
      let cumulative = 0;
      const buckets = this.#bounds.map((bound, index) => {
        cumulative += counts[index] ?? 0;
        return `${seriesName(`${this.name}_bucket`, { ...labels, le: String(bound) })} ${cumulative}`;
      });
      return [
        ...buckets,
        `${seriesName(`${this.name}_bucket`, { ...labels, le: '+Inf' })} ${count}`,
        `${seriesName(`${this.name}_sum`, labels)} ${sum}`,
        `${seriesName(`${this.name}_count`, labels)} ${count}`,
      ];
    });
  }

  #seriesOf(labels: Labels) {
    const key = Object.values(labels).join();
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, counts: this.#bounds.map(() => 0), sum: 0, count: 0 };
      this.#series.set(key, series);
    }
    return series;
  }
}

/** The whole exposition. */
export function expose(metrics: readonly Metric[]): string {
  return metrics
    .flatMap((metric) => [
      `# HELP ${metric.name} ${metric.help}`,
      `# TYPE ${metric.name} ${metric.type}`,
      ...metric.samples(),
    ])
    .concat('')
    .join('\n');
}

function seriesName(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeValue(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
