import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bars } from '../charts/bars.ts';
import { readLatest } from '../results.ts';
import { ROOT } from '../support/project.ts';
import { bills } from './bills.ts';
import { growthOf } from './growth.ts';
import { readMeasured } from './measured.ts';
import { sum } from './money.ts';
import { scalePage } from './page.ts';

// Makes docs/scale.md and its charts from the last full run of the benchmarks.

const results = readLatest();
const measured = readMeasured(results);
const charts = join(ROOT, 'docs/charts');
mkdirSync(charts, { recursive: true });

const money = bills(measured);
const costs = money.map(([, bill], index) => [index, sum(bill)] as const);
writeFileSync(
  join(charts, 'scale-money.svg'),
  bars({
    kind: 'bars',
    title: 'Dollars for a million requests',
    unit: '$',
    names: money.map(([name]) => name),
    series: [{ label: '$', points: costs }],
  }),
);

const growth = growthOf(measured);
const overTokens = growth.slice(growth.length / 2);
writeFileSync(
  join(charts, 'scale-validations.svg'),
  bars({
    kind: 'bars',
    title: 'IAM validations for a million requests, a billion requests a month',
    unit: '',
    names: overTokens.map(({ host, tokens }) => `${host}, ${tokens.toLocaleString('en')} tokens`),
    series: [{ label: '', points: overTokens.map(({ validations }, index) => [index, validations] as const) }],
  }),
);
writeFileSync(join(ROOT, 'docs/scale.md'), scalePage(results, measured, growth));
