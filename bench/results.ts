import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Result } from './measurement.ts';
import type { Machine } from './support/machine.ts';
import { CACHE, ROOT } from './support/project.ts';

/** One run of all measurements. */
export interface Results {
  readonly date: string;
  readonly mode: 'full' | 'quick';
  readonly machine: Machine;
  readonly results: readonly Result[];
}

/** Of a full run. Kept with the sources: the page and its charts are made from it, and a reader may check them against it. */
const LATEST_FILE = join(ROOT, 'bench/results/latest.json');
/** Of a quick run: good for its verdicts, too short to be quoted. */
const QUICK_FILE = join(CACHE, 'quick.json');

const FORMATTER = join(ROOT, 'node_modules/.bin/biome');

/** @returns the file */
export function writeResults(results: Results): string {
  const file = results.mode === 'full' ? LATEST_FILE : QUICK_FILE;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`);
  if (results.mode === 'full') execFileSync(FORMATTER, ['format', '--write', file], { stdio: 'ignore' });
  return file;
}

export function readLatest(): Results {
  return JSON.parse(readFileSync(LATEST_FILE, 'utf8'));
}

/** Four digits are more than any of these figures is worth. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
