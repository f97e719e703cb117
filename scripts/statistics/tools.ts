import { execFile, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { chiSquareTails, poissonMoreThan } from '../../tests/statistics/tails.ts';
import type { DieharderResult, EntResult, RngtestResult } from './result.ts';

/** A judge that takes longer is stuck. */
const TIMEOUT_MS = 20 * 60 * 1000;

const FIPS_BLOCK_BITS = 20_000;
/** Rngtest keeps the first word to compare the next one with. */
const RNGTEST_START_BITS = 32;
/** Of good blocks so many fail the five tests of FIPS 140-2: 16 of 20,000. */
const FIPS_FAILURE_RATE = 16 / 20_000;
/** 45 failures of 20,000 blocks; for other numbers of blocks the number that is as rare. */
const FALSE_ALARM = 1e-9;

export function rngtestLimit(blocks: number): number {
  const mean = blocks * FIPS_FAILURE_RATE;
  let limit = Math.floor(mean);
  while (poissonMoreThan(limit, mean) > FALSE_ALARM) limit += 1;
  return limit;
}

export async function runRngtest(path: string, bytes: number): Promise<RngtestResult> {
  const blocks = Math.floor((bytes * 8 - RNGTEST_START_BITS) / FIPS_BLOCK_BITS);
  // Its exit code says that some block failed, which is to be expected.
  const report = await runOnInput('rngtest', ['-c', String(blocks)], path);
  const failures = numberIn(report, /FIPS 140-2 failures: (\d+)/);
  const successes = numberIn(report, /FIPS 140-2 successes: (\d+)/);
  if (failures + successes !== blocks) throw new Error('rngtest did not judge all blocks');
  const limit = rngtestLimit(blocks);
  return { blocks, failures, limit, passed: failures <= limit };
}

const MIN_ENTROPY = 7.9999;
const MIN_PERCENT = 0.01;
const MAX_SERIAL_CORRELATION = 0.001;

export async function runEnt(path: string): Promise<EntResult> {
  const report = await run('ent', ['-t', path]);
  const [, line = ''] = report.trim().split('\n');
  const [, , entropy = Number.NaN, chiSquare = Number.NaN, , , serialCorrelation = Number.NaN] = line
    .split(',')
    .map(Number);
  const percent = 100 * chiSquareTails(chiSquare, 255).upper;
  const passed =
    entropy > MIN_ENTROPY &&
    percent >= MIN_PERCENT &&
    percent <= 100 - MIN_PERCENT &&
    Math.abs(serialCorrelation) < MAX_SERIAL_CORRELATION;
  return { entropy, percent, serialCorrelation, passed };
}

export interface DieharderTest {
  readonly id: number;
  readonly name: string;
  /** Bytes that one sample takes: so few samples are made that none is drawn from bytes used before. */
  readonly bytesPerSample: number;
}

const WORD_BYTES = 4;
export const DIEHARDER_TESTS: readonly DieharderTest[] = [
  { id: 0, name: 'diehard_birthdays', bytesPerSample: 100 * 512 * WORD_BYTES },
  { id: 1, name: 'diehard_operm5', bytesPerSample: 1_000_005 * WORD_BYTES },
  { id: 2, name: 'diehard_rank_32x32', bytesPerSample: 40_000 * 32 * WORD_BYTES },
  { id: 15, name: 'diehard_runs', bytesPerSample: 100_000 * WORD_BYTES },
  { id: 100, name: 'sts_monobit', bytesPerSample: 100_000 * WORD_BYTES },
  { id: 101, name: 'sts_runs', bytesPerSample: 100_000 * WORD_BYTES },
  { id: 102, name: 'sts_serial', bytesPerSample: 100_000 * WORD_BYTES },
];

/** Dieharder's own number. */
const MAX_SAMPLES = 100;

export function samplesOf({ bytesPerSample }: DieharderTest, bytes: number): number {
  return Math.min(MAX_SAMPLES, Math.floor(bytes / bytesPerSample));
}

export async function runDieharder(path: string, test: DieharderTest, bytes: number): Promise<DieharderResult> {
  const samples = samplesOf(test, bytes);
  const report = await run('dieharder', ['-g', '201', '-f', path, '-d', String(test.id), '-p', String(samples)]).catch(
    // Its library ends the process where a statistic is beyond all its tables: a counter does that to sts_serial.
    (error: { signal?: string }) => {
      if (error.signal === 'SIGABRT') return '';
      throw error;
    },
  );
  const rows = report.split('\n').flatMap((line) => {
    const [, , , , p = '', assessment = ''] = line.split('|').map((cell) => cell.trim());
    return /^(?:PASSED|WEAK|FAILED)$/.test(assessment) ? [{ p: Number(p), assessment }] : [];
  });
  if (rows.length === 0) {
    return { test: test.name, samples, pValues: [], assessment: 'ABORTED', isSecondRun: false };
  }
  const worst = ['FAILED', 'WEAK', 'PASSED'].find((word) => rows.some(({ assessment }) => assessment === word));
  return {
    test: test.name,
    samples,
    pValues: rows.map(({ p }) => p),
    assessment: worst ?? 'FAILED',
    isSecondRun: false,
  };
}

export async function versions(): Promise<Record<string, string>> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's
  const report = await run('dpkg-query', ['--show', '--showformat=${Package} ${Version}\n', ...PACKAGES]);
  return Object.fromEntries(
    report
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
}

const PACKAGES = ['rng-tools5', 'ent', 'dieharder'];

function run(command: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, parameters, { timeout: TIMEOUT_MS }, (error, output) =>
      error ? reject(error) : resolve(output),
    );
  });
}

/** @returns what it wrote to standard error; the exit code is not looked at */
function runOnInput(command: string, parameters: readonly string[], path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, { stdio: ['pipe', 'ignore', 'pipe'], timeout: TIMEOUT_MS });
    let report = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      report += text;
    });
    child.on('error', reject).on('close', () => resolve(report));
    // It stops reading after the last whole block.
    child.stdin.on('error', () => undefined);
    createReadStream(path).on('error', reject).pipe(child.stdin);
  });
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? Number.NaN);
}
