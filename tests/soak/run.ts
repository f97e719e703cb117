import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lines } from '../../bench/charts/lines.ts';
import { FOLDER } from '../support/child-process.ts';
import { hasGrown } from './samples.ts';
import { type SoakResult, soak } from './soak.ts';

const MIB = 1024 * 1024;
const USAGE = 'usage: npm run soak -- [--seconds N, 1800 by default] [--check, which writes no file]';

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function print(result: SoakResult, seconds: number): void {
  const { requests, answers, faults, audit, growth, wrong, wrongAnswers, peakBytes, bound, exit } = result;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(`${seconds} seconds within ${bound}`);
  say(`requests: ${sum(requests)}`);
  for (const [name, count] of Object.entries(requests)) say(`  ${name}: ${count}`);
  say(
    `answers: ${sum(answers)} (${Object.entries(answers)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')})`,
  );
  say(`faults injected: ${sum(faults)}`);
  for (const [name, count] of Object.entries(faults)) say(`  ${name}: ${count}`);
  say(`answers wrong: ${wrongAnswers}`);
  for (const one of wrong) say(`  ${one}`);
  say(
    `audit lines: ${audit.lines}; missing: ${audit.missing}, doubled: ${audit.doubled}, of another status: ${audit.different}`,
  );
  for (const one of growth)
    say(`${hasGrown(one) ? 'GROWN ' : ''}${one.name}: ${one.before} → ${one.after} (allowed: ${one.allowed} more)`);
  if (peakBytes !== undefined) say(`most memory of the control group: ${(peakBytes / MIB).toFixed(1)} MiB`);
  say(`exit: ${exit}`);
}

/** Every promise of the run. */
function isGood({ wrongAnswers, audit, growth, exit, faults, answers }: SoakResult): boolean {
  const isAudited = audit.missing + audit.doubled + audit.different === 0;
  const hasRun = sum(faults) > 0 && (answers[200] ?? 0) > 0;
  return hasRun && wrongAnswers === 0 && isAudited && !growth.some(hasGrown) && exit === '0';
}

function write(result: SoakResult, seconds: number, date: string): void {
  const folder = join(FOLDER, 'docs/reliability');
  mkdirSync(folder, { recursive: true });
  const { samples, ...figures } = result;
  writeFileSync(
    join(folder, 'soak.json'),
    `${JSON.stringify({ date, seconds, node: process.version, ...figures }, null, 2)}\n`,
  );
  const startMs = samples[0]?.atMs ?? 0;
  const step = Math.max(1, Math.floor(samples.length / 60));
  const shown = samples.filter((_, index) => index % step === 0);
  const series = (label: string, read: (sample: SoakResult['samples'][number]) => number) => ({
    label,
    points: shown.map((sample) => [Math.round((sample.atMs - startMs) / 1000), read(sample)] as const),
  });
  const chart = lines({
    kind: 'lines',
    title: 'Memory of the container under mixed load and faults',
    x: 'seconds',
    unit: 'MiB, and connections',
    series: [
      series('resident', ({ residentBytes }) => residentBytes / MIB),
      series('heap used', ({ heapBytes }) => heapBytes / MIB),
      series('connections', ({ connections }) => connections),
      series('descriptors', ({ descriptors }) => descriptors),
    ],
  });
  writeFileSync(join(folder, 'soak.svg'), chart);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, check: { type: 'boolean' } } });
  const seconds = Number(values.seconds ?? 1_800);
  if (!Number.isInteger(seconds) || seconds < 20) throw new Error(`--seconds is at least 20; ${USAGE}`);
  const date = new Date().toISOString().slice(0, 10);
  const result = await soak(seconds);
  print(result, seconds);
  if (!values.check) write(result, seconds, date);
  if (!isGood(result)) process.exitCode = 1;
}

await main();
