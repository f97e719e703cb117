import assert from 'node:assert/strict';

export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** Values by series, written as `name{label="value"}`. */
  readonly series: ReadonlyMap<string, number>;
}

const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/.source;
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?[0-9]+(?:\\.[0-9]+)?(?:e-?[0-9]+)?)$`);

/**
 * Reads Prometheus' text exposition format 0.0.4 and takes nothing that is doubtful: each family is HELP, TYPE and its samples in one
 * piece, no series twice, counters end in `_total`, histograms add up.
 */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  assert(text.endsWith('\n'), 'the last line has no end');
  const families = new Map<string, Family>();
  const blocks = text.split(/^(?=# HELP )/m);
  for (const block of blocks) {
    const [help = '', type = '', ...samples] = block.trimEnd().split('\n');
    const [, name = '', sentence = ''] = /^# HELP (\S+) (\S.*)$/.exec(help) ?? assert.fail(`no HELP: ${help}`);
    const [, kind = ''] = new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`).exec(type) ?? assert.fail(type);
    assert(!families.has(name), `${name} twice`);
    assert.equal(kind === 'counter', name.endsWith('_total'), `${name} is a ${kind}`);
    families.set(name, { type: kindOf(kind), help: sentence, series: readSeries(name, kind, samples) });
  }
  return families;
}

function kindOf(kind: string): Family['type'] {
  return kind === 'counter' || kind === 'gauge' ? kind : 'histogram';
}

function readSeries(family: string, kind: string, samples: readonly string[]): Map<string, number> {
  const series = new Map<string, number>();
  for (const sample of samples) {
    const [, name = '', labels = '', value] = SAMPLE.exec(sample) ?? assert.fail(`no sample: ${sample}`);
    const suffix = name.slice(family.length);
    assert(name.startsWith(family), sample);
    assert((kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).includes(suffix), sample);
    const key = labels === '' ? name : `${name}{${labels}}`;
    assert(!series.has(key), `${key} twice`);
    series.set(key, Number(value));
    if (kind !== 'gauge') assert(Number(value) >= 0, sample);
  }
  if (kind === 'histogram') assertHistogram(family, series);
  return series;
}

function assertHistogram(family: string, series: ReadonlyMap<string, number>): void {
  const found = [...series].flatMap(([key, count]) => {
    const [, labels = '', le] = /_bucket\{(?:(.*),)?le="([^"]+)"\}$/.exec(key) ?? [];
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    return le === undefined ? [] : [{ labels, bound, count }];
  });
  for (const labels of new Set(found.map((bucket) => bucket.labels))) {
    const buckets = found.filter((bucket) => bucket.labels === labels);
    const suffix = labels === '' ? '' : `{${labels}}`;
    for (const [index, { bound, count }] of buckets.entries()) {
      const before = buckets[index - 1] ?? { bound: 0, count: 0 };
      assert(bound > before.bound && count >= before.count, `${family} at ${bound}`);
    }
    assert.equal(buckets.at(-1)?.bound, Number.POSITIVE_INFINITY, `${family} without +Inf`);
    assert.equal(buckets.at(-1)?.count, series.get(`${family}_count${suffix}`), `${family}_count${suffix}`);
    assert(series.has(`${family}_sum${suffix}`), `${family}_sum${suffix}`);
  }
}
