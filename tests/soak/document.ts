import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from '../../bench/charts.ts';
import { FOLDER } from '../support/child-process.ts';
import type { Sample } from './samples.ts';
import type { SoakResult } from './soak.ts';

const MIB = 1024 * 1024;
const MOST_POINTS = 60;

/** A run as it is kept in `docs/reliability/soak.json`. */
export interface SoakRecord extends Omit<SoakResult, 'samples'> {
  /** `2026-11-25` for example. */
  readonly date: string;
  readonly seconds: number;
  readonly node: string;
}

export const GUIDE = join(FOLDER, 'docs/reliability.md');
const RECORD = join(FOLDER, 'docs/reliability/soak.json');
const PLOT = join(FOLDER, 'docs/reliability/soak.svg');
const SECTION = /(?<=<!-- soak -->\n).*(?=<!-- \/soak -->)/s;

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** The guide's part about a run. */
export function soakSection(record: SoakRecord): string {
  const { date, seconds, requests, answers, faults, wrongAnswers, audit, growth, peakBytes, bound } = record;
  const figures = [
    ['date', date],
    ['length', `${seconds} seconds`],
    ['memory', bound],
    ...(peakBytes === undefined ? [] : [['most memory of the group', `${(peakBytes / MIB).toFixed(0)} MiB`]]),
    ['clients', sum(requests)],
    ['requests answered', sum(answers)],
    ['faults injected', sum(faults)],
    ['answers wrong', wrongAnswers],
    ['audit lines', audit.lines],
    ['lines missing, doubled, of another status', `${audit.missing}, ${audit.doubled}, ${audit.different}`],
  ];
  return [
    '| figure | value |',
    '|---|---|',
    ...figures.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '| what may not grow | before | after | allowed growth |',
    '|---|---|---|---|',
    ...growth.map(({ name, before, after, allowed }) => `| \`${name}\` | ${before} | ${after} | ${allowed} |`),
    '',
  ].join('\n');
}

/** Writes the figures, the plot and the guide's part about them. */
export function document(record: SoakRecord, samples: readonly Sample[]): void {
  mkdirSync(join(FOLDER, 'docs/reliability'), { recursive: true });
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(PLOT, plot(samples));
  writeFileSync(
    GUIDE,
    readFileSync(GUIDE, 'utf8').replace(SECTION, () => soakSection(record)),
  );
}

export function readRecord(): SoakRecord {
  return JSON.parse(readFileSync(RECORD, 'utf8'));
}

function plot(samples: readonly Sample[]): string {
  const startMs = samples[0]?.atMs ?? 0;
  const step = Math.max(1, Math.floor(samples.length / MOST_POINTS));
  const shown = samples.filter((_, index) => index % step === 0);
  const series = (read: (sample: Sample) => number) =>
    shown.map((sample) => [Math.round((sample.atMs - startMs) / 1000), read(sample)] as const);
  return draw({
    title: 'Memory of the container under mixed load and faults',
    x: 'seconds',
    unit: 'MiB, and counts',
    lines: {
      resident: series(({ residentBytes }) => residentBytes / MIB),
      'heap used': series(({ heapBytes }) => heapBytes / MIB),
      connections: series(({ connections }) => connections),
      descriptors: series(({ descriptors }) => descriptors),
    },
  });
}
