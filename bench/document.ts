import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bars } from './charts/bars.ts';
import { lines } from './charts/lines.ts';
import { overview } from './charts/overview.ts';
import { table } from './markdown.ts';
import { type Chart, judge, type Result, type Row } from './measurement.ts';
import { type Results, readLatest } from './results.ts';
import { ROOT } from './support/project.ts';
import { budgetText, ceilingText, ratioText, verdictText, withUnit } from './wording.ts';

const PAGE = join(ROOT, 'docs/performance.md');
const CHARTS = join(ROOT, 'docs/charts');

/** Makes the page and its charts from the last full run. */
export function writeDocument(): void {
  const results = readLatest();
  mkdirSync(CHARTS, { recursive: true });
  for (const file of readdirSync(CHARTS)) if (file.startsWith('bench-')) rmSync(join(CHARTS, file));
  writeFileSync(join(CHARTS, 'bench-budgets.svg'), overview(results.results));
  writeFileSync(PAGE, page(results));
}

function page({ date, machine, results }: Results): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return `<!-- Made by \`node bench/document.ts\` from bench/results/latest.json. -->
# Performance

What a user pays for, beside the floor that nobody gets below: an empty function, a handler or server that draws and checks nothing. \`npm run bench\`
measures all of it and makes this page; \`npm run bench:quick\` measures less of it in a minute and a half, and fails where a budget is broken.

Each figure is a median of runs that took turns with those of its floor, and the ratio is the median of the pairs’ ratios: other work on the machine meets both.
In parentheses stand the quartiles. A run fails where a figure passes what the table names, which is the budget or, where that is missed, the figure that is reached
instead, and in both cases as much more as one run differs from the next on a machine with other work; a quick run measures up to twice again first.

Measured on ${date}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.system}; ${versions.join(', ')}.
${sharedText(machine.loadBefore)}All network is loopback: no figure holds a cloud’s distance or TLS.

![How much of each budget is used](charts/bench-budgets.svg)

${budgetTable(results)}

${missedSection(results)}

${results.map(section).join('\n\n')}
`;
}

function sharedText(load: number): string {
  return load < 1
    ? ''
    : `The machine was shared: ${load} other processes wanted a core on average when the run began. `;
}

function budgetTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ title, rows: all }) =>
    all.flatMap((row) =>
      row.budget
        ? [
            [
              title,
              row.label,
              ...figures(row),
              budgetText(row.budget, row.unit),
              verdictText(row, row.budget),
              ceilingText(row.budget, row.unit),
            ],
          ]
        : [],
    ),
  );
  return table(['measurement', 'row', 'figure', 'floor', 'ratio', 'budget', '', 'a run fails beyond'], rows);
}

/** Why what is missed is missed, once for those that have one reason. */
function missedSection(results: readonly Result[]): string {
  const names = new Map<string, string[]>();
  for (const row of results.flatMap(({ rows }) => rows)) {
    if (row.budget?.missed === undefined || judge(row) === 'kept') continue;
    const { why } = row.budget.missed;
    names.set(why, [...(names.get(why) ?? []), row.budget.name]);
  }
  const items = [...names].map(([why, budgets]) => `- **${budgets.join('; ')}.** ${why}`);
  return items.length === 0 ? '' : `## What is missed, and what was tried\n\n${items.join('\n')}`;
}

function section(result: Result): string {
  const { name, title, how, rows, charts = [], notes = [] } = result;
  const pictures = charts.map((chart, index) => picture(`bench-${name}${index === 0 ? '' : `-${index + 1}`}`, chart));
  const hasFloor = rows.some(({ floor }) => floor !== undefined);
  const head = hasFloor ? ['', 'figure', 'floor', 'ratio'] : ['', 'figure'];
  const body = rows.map((row) => [row.label, ...figures(row)].slice(0, head.length));
  return [`## ${title}`, how, ...notes, ...pictures, table(head, body)].join('\n\n');
}

function figures(row: Row): string[] {
  const { value, unit, floor, ratio } = row;
  return [
    withUnit(value, unit),
    floor === undefined ? '' : `${withUnit(floor.value, unit)} (${floor.label})`,
    ratio === undefined ? '' : ratioText(ratio),
  ];
}

function picture(file: string, chart: Chart): string {
  writeFileSync(join(CHARTS, `${file}.svg`), chart.kind === 'bars' ? bars(chart) : lines(chart));
  return `![${chart.title}](charts/${file}.svg)`;
}

if (import.meta.main) writeDocument();
