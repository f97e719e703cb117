import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chiSquareTails, poissonMoreThan } from '../../tests/statistics/tails.ts';

/** A program that takes longer is stuck. */
const OPTIONS = { timeout: 20 * 60 * 1000 };

async function run(command: string, ...parameters: readonly string[]): Promise<string> {
  return (await promisify(execFile)(command, parameters, OPTIONS)).stdout;
}

/** Of good blocks of 20,000 bits so many fail the five tests of FIPS 140-2. */
const FIPS_FAILURE_RATE = 16 / 20_000;

async function runRngtest(path: string, bytes: number) {
  // It keeps the first 32 bits to compare the next ones with.
  const blocks = Math.floor((bytes * 8 - 32) / 20_000);
  // Its exit code says that some block failed, which is to be expected.
  const report = await run('sh', '-c', `rngtest -c ${blocks} <"$1" 2>&1 >/dev/null || true`, 'sh', path);
  const counts = [...report.matchAll(/FIPS 140-2 (?:successes|failures): (\d+)/g)].map(([, count]) => Number(count));
  const [successes = 0, failures = 0] = counts;
  if (successes + failures !== blocks) throw new Error(`rngtest: ${report}`);
  const mean = blocks * FIPS_FAILURE_RATE;
  /** More failures than these come by chance once in 10^9 runs. */
  let limit = Math.floor(mean);
  while (poissonMoreThan(limit, mean) > 1e-9) limit += 1;
  return { blocks, failures, limit, passed: failures <= limit };
}

async function runEnt(path: string) {
  const [, line = ''] = (await run('ent', '-t', path)).split('\n');
  const cells = line.split(',').map(Number);
  const [, , entropy = Number.NaN, chiSquare = Number.NaN, , , serialCorrelation = Number.NaN] = cells;
  /** How often random bytes exceed this chi-square. */
  const percent = 100 * chiSquareTails(chiSquare, 255).upper;
  const isEven = percent >= 0.01 && percent <= 99.99;
  const passed = entropy > 7.9999 && isEven && Math.abs(serialCorrelation) < 0.001;
  return { entropy, percent, serialCorrelation, passed };
}

/** By number and name the bytes of one sample: so few samples are made that none is drawn from bytes used before. */
const DIEHARDER_TESTS = [
  [0, 'diehard_birthdays', 4 * 100 * 512],
  [1, 'diehard_operm5', 4 * 1_000_005],
  [2, 'diehard_rank_32x32', 4 * 40_000 * 32],
  [15, 'diehard_runs', 4 * 100_000],
  [100, 'sts_monobit', 4 * 100_000],
  [101, 'sts_runs', 4 * 100_000],
  [102, 'sts_serial', 4 * 100_000],
] as const;
/** Dieharder's own number. */
const MAX_SAMPLES = 100;

type DieharderTest = (typeof DIEHARDER_TESTS)[number];
/** Makes a file of so many bytes of the stream that nobody has judged. */
export type MakeFresh = (name: string, length: number) => Promise<string>;

async function runDieharder(path: string, [id, test, bytesOfSample]: DieharderTest, bytes: number) {
  const samples = Math.min(MAX_SAMPLES, Math.floor(bytes / bytesOfSample));
  const parameters = ['-g', '201', '-f', path, '-d', String(id), '-p', String(samples)];
  const report = await run('dieharder', ...parameters).catch((error: { signal?: string }) => {
    // Its library ends the process where a statistic is beyond all its tables: a counter does that to sts_serial.
    if (error.signal === 'SIGABRT') return '';
    throw error;
  });
  const rows = [...report.matchAll(/\|\s*([\d.]+)\s*\|\s*(PASSED|WEAK|FAILED)\s*$/gm)];
  const assessments = rows.map(([, , assessment]) => assessment);
  /** The worst of them. `ABORTED`: dieharder itself broke down. */
  const assessment = ['FAILED', 'WEAK', 'PASSED'].find((word) => assessments.includes(word)) ?? 'ABORTED';
  return { test, samples, pValues: rows.map(([, p]) => Number(p)), assessment };
}

/** One p-value in a hundred is weak by chance: what is broken is weak again, over bytes that nobody has judged. */
async function runTwice(path: string, test: DieharderTest, bytes: number, makeFresh?: MakeFresh) {
  const first = await runDieharder(path, test, bytes);
  if (first.assessment !== 'WEAK' || makeFresh === undefined) return { ...first, isSecondRun: false };
  const length = first.samples * test[2];
  const second = await makeFresh(test[1], length).then((fresh) => runDieharder(fresh, test, length));
  return { ...second, isSecondRun: true };
}

/** What the three programs say of a file. */
export async function askTools(path: string, bytes: number, makeFresh?: MakeFresh) {
  const [rngtest, ent, ...dieharder] = await Promise.all([
    runRngtest(path, bytes),
    runEnt(path),
    ...DIEHARDER_TESTS.map((test) => runTwice(path, test, bytes, makeFresh)),
  ]);
  return { rngtest, ent, dieharder };
}

export type ToolResults = Awaited<ReturnType<typeof askTools>>;

export const isBad = ({ assessment }: { assessment: string }): boolean => !['PASSED', 'WEAK'].includes(assessment);

export function haveAllPassed({ rngtest, ent, dieharder }: ToolResults): boolean {
  return rngtest.passed && ent.passed && !dieharder.some(isBad);
}

export async function versions(): Promise<Record<string, string>> {
  const report = await run('dpkg-query', '--show', 'rng-tools5', 'ent', 'dieharder');
  return Object.fromEntries([...report.matchAll(/^(\S+)\t(\S+)$/gm)].map(([, name, version]) => [name, version]));
}
