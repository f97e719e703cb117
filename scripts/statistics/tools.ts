import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { chiSquareTails, poissonMoreThan } from '../../tests/statistics/tails.ts';

/** What the three programs say of a file. */
export interface ToolResults {
  /** More failures than `limit` come by chance once in 10^9 runs. */
  readonly rngtest: { blocks: number; failures: number; limit: number; passed: boolean };
  /** Bits a byte; how often random bytes exceed this chi-square, in percent. */
  readonly ent: { entropy: number; percent: number; serialCorrelation: number; passed: boolean };
  readonly dieharder: readonly DieharderResult[];
}

export interface DieharderResult {
  readonly test: string;
  /** Samples, each of a p-value. */
  readonly samples: number;
  /** P-values of those samples' distribution; `sts_serial` has 31. */
  readonly pValues: readonly number[];
  /** The worst of them. `ABORTED`: dieharder itself broke down, as it does on a counter. */
  readonly assessment: string;
  /** Whether the first assessment was `WEAK` and this one is of fresh bytes. */
  readonly isSecondRun: boolean;
}

/** A program that takes longer is stuck. */
const OPTIONS = { timeout: 20 * 60 * 1000 };

async function run(command: string, ...parameters: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, parameters, OPTIONS)).stdout;
}

const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

/** Of good blocks of 20,000 bits so many fail the five tests of FIPS 140-2: 16 of 20,000. */
const FIPS_FAILURE_RATE = 16 / 20_000;

async function runRngtest(path: string, bytes: number): Promise<ToolResults['rngtest']> {
  // It keeps the first 32 bits to compare the next ones with.
  const blocks = Math.floor((bytes * 8 - 32) / 20_000);
  // Its exit code says that some block failed, which is to be expected.
  const report = await run('sh', '-c', `rngtest -c ${blocks} <"$1" 2>&1 >/dev/null || true`, 'sh', path);
  const failures = numberIn(report, /FIPS 140-2 failures: (\d+)/);
  if (failures + numberIn(report, /FIPS 140-2 successes: (\d+)/) !== blocks) throw new Error(`rngtest: ${report}`);
  const mean = blocks * FIPS_FAILURE_RATE;
  let limit = Math.floor(mean);
  while (poissonMoreThan(limit, mean) > 1e-9) limit += 1;
  return { blocks, failures, limit, passed: failures <= limit };
}

async function runEnt(path: string): Promise<ToolResults['ent']> {
  const [, line = ''] = (await run('ent', '-t', path)).split('\n');
  const [, , entropy = Number.NaN, chiSquare = Number.NaN, , , serialCorrelation = Number.NaN] = line
    .split(',')
    .map(Number);
  const percent = 100 * chiSquareTails(chiSquare, 255).upper;
  const isEven = percent >= 0.01 && percent <= 99.99;
  const passed = entropy > 7.9999 && isEven && Math.abs(serialCorrelation) < 0.001;
  return { entropy, percent, serialCorrelation, passed };
}

/** Words that one sample takes, by number and name: so few samples are made that none is drawn from bytes used before. */
const DIEHARDER_TESTS = [
  [0, 'diehard_birthdays', 100 * 512],
  [1, 'diehard_operm5', 1_000_005],
  [2, 'diehard_rank_32x32', 40_000 * 32],
  [15, 'diehard_runs', 100_000],
  [100, 'sts_monobit', 100_000],
  [101, 'sts_runs', 100_000],
  [102, 'sts_serial', 100_000],
] as const;
const BYTES_OF_A_WORD = 4;
/** Dieharder's own number. */
const MAX_SAMPLES = 100;

type DieharderTest = (typeof DIEHARDER_TESTS)[number];

const samplesOf = ([, , words]: DieharderTest, bytes: number) =>
  Math.min(MAX_SAMPLES, Math.floor(bytes / (words * BYTES_OF_A_WORD)));

async function runDieharder(path: string, test: DieharderTest, samples: number): Promise<DieharderResult> {
  const parameters = ['-g', '201', '-f', path, '-d', String(test[0]), '-p', String(samples)];
  const report = await run('dieharder', ...parameters).catch((error: { signal?: string }) => {
    // Its library ends the process where a statistic is beyond all its tables: a counter does that to sts_serial.
    if (error.signal === 'SIGABRT') return '';
    throw error;
  });
  const rows = [...report.matchAll(/\|\s*([\d.]+)\s*\|\s*(PASSED|WEAK|FAILED)\s*$/gm)];
  const assessments = rows.map(([, , assessment]) => assessment);
  const assessment = ['FAILED', 'WEAK', 'PASSED'].find((word) => assessments.includes(word)) ?? 'ABORTED';
  return { test: test[1], samples, pValues: rows.map(([, p]) => Number(p)), assessment, isSecondRun: false };
}

/** @param fresh makes a file of so many bytes that nobody has judged; without it a weak result stands */
export async function askTools(
  path: string,
  bytes: number,
  fresh?: (length: number) => Promise<string>,
): Promise<ToolResults> {
  const [rngtest, ent] = await Promise.all([runRngtest(path, bytes), runEnt(path)]);
  const dieharder: DieharderResult[] = [];
  const waiting = [...DIEHARDER_TESTS.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, test] = next;
      dieharder[index] = await runDieharder(path, test, samplesOf(test, bytes));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const [index, test] of DIEHARDER_TESTS.entries()) {
    if (dieharder[index]?.assessment !== 'WEAK' || fresh === undefined) continue;
    // One p-value in a hundred is weak by chance: what is broken is weak again.
    const samples = samplesOf(test, bytes);
    const freshPath = await fresh(samples * test[2] * BYTES_OF_A_WORD);
    dieharder[index] = { ...(await runDieharder(freshPath, test, samples)), isSecondRun: true };
  }
  return { rngtest, ent, dieharder };
}

export const isBad = ({ assessment }: DieharderResult): boolean => !['PASSED', 'WEAK'].includes(assessment);

export function haveAllPassed({ rngtest, ent, dieharder }: ToolResults): boolean {
  return rngtest.passed && ent.passed && !dieharder.some(isBad);
}

export async function versions(): Promise<Record<string, string>> {
  const format = `--showformat=\${Package} \${Version}\\n`;
  const report = await run('dpkg-query', '--show', format, 'rng-tools5', 'ent', 'dieharder');
  return Object.fromEntries([...report.matchAll(/^(\S+) (\S+)$/gm)].map(([, name, version]) => [name, version]));
}
