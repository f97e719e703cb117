import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw, rowChart } from './charts.ts';
import { judgements, type Result, type Row, ratioText } from './measurement.ts';
import type { Machine } from './support/machine.ts';
import { CACHE, ROOT } from './support/project.ts';
import { fillGuide, table, withUnit } from './words.ts';

/** One run of all measurements. */
export interface Results {
  readonly date: string;
  readonly machine: Machine;
  readonly results: readonly Result[];
}

/** Of the last full run: the guides have their figures from it, and a reader may check them against it. */
const LATEST_FILE = join(ROOT, 'bench/results/latest.json');
/** Of a quick run: good for its verdicts, too short to be quoted. */
const QUICK_FILE = join(CACHE, 'quick.json');

/** Four digits are more than any of these figures is worth. @returns the file */
export function keep(results: Results, mode: 'full' | 'quick'): string {
  const file = mode === 'full' ? LATEST_FILE : QUICK_FILE;
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  writeFileSync(file, JSON.stringify(results, rounded, 2));
  if (mode === 'full') execFileSync('npx', ['biome', 'format', '--write', file], { cwd: ROOT, stdio: 'ignore' });
  return file;
}

export function readLatest(): Results {
  return JSON.parse(readFileSync(LATEST_FILE, 'utf8'));
}

/** Fills in docs/performance.md and makes its charts. */
export function writePerformancePage({ date, machine, results }: Results): void {
  const tables = results.map((result) => [result.name, rowTable(result)]);
  const charts = results.flatMap(({ name, chart }) => (chart ? [[`charts/bench-${name}.svg`, draw(chart)]] : []));
  fillGuide(
    'performance.md',
    { machine: machineText(date, machine), budgets: budgetTable(results), ...Object.fromEntries(tables) },
    { 'charts/bench-budgets.svg': overview(results), ...Object.fromEntries(charts) },
  );
}

function machineText(date: string, { hardware, versions, loadBefore }: Machine): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const shared = `\nThe machine was shared: ${loadBefore} other processes wanted a core when the run began.`;
  return `Measured on ${date}: ${hardware};\n${software.join(', ')}.${loadBefore < 1 ? '' : shared}`;
}

/** What ends before the line is kept, what passes it is missed. */
function overview(results: readonly Result[]): string {
  const rows = results.flatMap(judgements).map(({ name, used, figure, limit }) => {
    return { name, value: used, note: `${figure} (${limit})`, colour: used <= 1 ? 2 : 1 };
  });
  return rowChart({ title: 'Budgets: how much of each is used', rows, most: 1.6, mark: [1, 'the budget'] });
}

function budgetTable(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    judgements(result).map(({ row, limit, outcome, ceiling }) => {
      return [result.title, row.label, ...figures(row), limit, outcome, ceiling];
    }),
  );
  return table(['measurement', 'row', 'figure', 'floor', 'ratio', 'budget', '', 'a run fails beyond'], rows);
}

function rowTable({ rows }: Result): string {
  const head = rows.some(({ floor }) => floor !== undefined) ? ['', 'figure', 'floor', 'ratio'] : ['', 'figure'];
  const body = rows.map((row) => [row.label, ...figures(row)].slice(0, head.length));
  return table(head, body);
}

function figures({ value, unit, floor, ratio }: Row): string[] {
  const against = floor === undefined ? '' : `${withUnit(floor.value, unit)} (${floor.label})`;
  return [withUnit(value, unit), against, ratio === undefined ? '' : ratioText(ratio)];
}

if (import.meta.main) writePerformancePage(readLatest());
