import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, expose, Histogram, readMetric } from '../../lib/telemetry/instruments.ts';
import { parseExposition } from './exposition.ts';

/** Every value of one metric as it is exposed. */
function seriesOf(metric: Parameters<typeof expose>[0][number]): Record<string, number> {
  const [family] = parseExposition(expose([metric])).values();
  return Object.fromEntries(family?.series ?? []);
}

test('a counter has one series for each set of labels', () => {
  const counter = new Counter('tests_total', 'Tests.');
  counter.add({ status: '200', code: '' });
  counter.add({ status: '200', code: '' }, 2);
  counter.add({ status: '400', code: 'KMS.1802' });
  assert.deepEqual(seriesOf(counter), {
    'tests_total{status="200",code=""}': 3,
    'tests_total{status="400",code="KMS.1802"}': 1,
  });
});

test('a counter without labels has a name alone', () => {
  const counter = new Counter('bytes_total', 'Bytes.');
  counter.add({}, 1024);
  assert.deepEqual(seriesOf(counter), { bytes_total: 1024 });
});

test('what a label must not hold is escaped', () => {
  const counter = new Counter('odd_total', 'Odd.');
  counter.add({ value: 'a"b\\c\nd' });
  assert.match(expose([counter]), /^odd_total\{value="a\\"b\\\\c\\nd"\} 1$/m);
  parseExposition(expose([counter]));
});

test('a gauge is read when it is asked for', () => {
  let now = 1;
  const gauge = readMetric('gauge', 'in_flight', 'At work.', () => now);
  assert.match(expose([gauge]), /^in_flight 1$/m);
  now = 7;
  assert.match(expose([gauge]), /^in_flight 7$/m);
});

test('a value that cannot be read is left out, and the others are there', () => {
  const broken = readMetric('gauge', 'broken', 'Broken.', () => {
    throw new Error('EMFILE');
  });
  assert.match(expose([broken, readMetric('gauge', 'good', 'Good.', () => 1)]), /^good 1$/m);
});

test('a histogram counts every value once, up to its bound, with it and beyond all', () => {
  const histogram = new Histogram('seconds', 'Time.', [0.1, 1]);
  for (const value of [0, 0.1, 0.5, 1, 3]) histogram.observe({}, value);
  assert.deepEqual(seriesOf(histogram), {
    'seconds_bucket{le="0.1"}': 2,
    'seconds_bucket{le="1"}': 4,
    'seconds_bucket{le="+Inf"}': 5,
    seconds_sum: 4.6,
    seconds_count: 5,
  });
});

test('a histogram with labels has its buckets, sum and count for each set of them', () => {
  const histogram = new Histogram('seconds', 'Time.', [1], [{ source: 'a' }]);
  histogram.observe({ source: 'b' }, 0.5);
  assert.deepEqual(seriesOf(histogram), {
    'seconds_bucket{source="a",le="1"}': 0,
    'seconds_bucket{source="a",le="+Inf"}': 0,
    'seconds_sum{source="a"}': 0,
    'seconds_count{source="a"}': 0,
    'seconds_bucket{source="b",le="1"}': 1,
    'seconds_bucket{source="b",le="+Inf"}': 1,
    'seconds_sum{source="b"}': 0.5,
    'seconds_count{source="b"}': 1,
  });
});

test('the series that are declared are there from the start', () => {
  const counter = new Counter('a_total', 'A.', [{ b: '1' }, { b: '2' }]);
  assert.deepEqual(seriesOf(counter), { 'a_total{b="1"}': 0, 'a_total{b="2"}': 0 });
});

for (const [name, text] of [
  ['no end of line', '# HELP a A.\n# TYPE a gauge\na 1'],
  ['no TYPE', '# HELP a A.\na 1\n'],
  ['a counter without _total', '# HELP a A.\n# TYPE a counter\na 1\n'],
  ['a series twice', '# HELP a A.\n# TYPE a gauge\na 1\na 2\n'],
  ['a family twice', '# HELP a A.\n# TYPE a gauge\na 1\n# HELP a A.\n# TYPE a gauge\na 1\n'],
  ['a quote in a label', '# HELP a A.\n# TYPE a gauge\na{b="c"d"} 1\n'],
  ['no number', '# HELP a A.\n# TYPE a gauge\na NaN\n'],
  [
    'a falling bucket',
    '# HELP a A.\n# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n',
  ],
  ['a wrong count', '# HELP a A.\n# TYPE a histogram\na_bucket{le="+Inf"} 1\na_sum 1\na_count 2\n'],
] as const) {
  test(`the parser refuses ${name}`, () => assert.throws(() => parseExposition(text)));
}
