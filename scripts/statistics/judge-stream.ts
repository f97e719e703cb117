import { open, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ALPHA, judge } from '../../tests/statistics/battery.ts';
import { countBytes } from '../../tests/statistics/byte-counts.ts';
import type { DieharderResult, PartResult, StreamResult, ToolResults } from './result.ts';
import type { OpenStream, Stream } from './streams.ts';
import { DIEHARDER_TESTS, runDieharder, runEnt, runRngtest, samplesOf } from './tools.ts';

/** Parts of a stream that the battery judges by themselves, and points of the plot of its balance in each. */
const PARTS = 16;
const POINTS_PER_PART = 16;

/** Draws a stream into a file, judges it on the way and then by the tools, and removes the file. */
export async function judgeStream(stream: Stream, bytes: number, folder: string): Promise<StreamResult> {
  const opened = await stream.open();
  const path = join(folder, stream.name);
  try {
    const startedMs = performance.now();
    const drawn = await draw(opened, bytes, path);
    const drawnInSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
    const tools = await askTools(path, bytes, (length) => drawFresh(opened, length, `${path}-fresh`));
    const passed = drawn.battery.every((part) => Object.values(part).every((p) => p >= ALPHA)) && haveAllPassed(tools);
    return { name: stream.name, bytes, drawnInSeconds, ...drawn, tools, passed };
  } finally {
    await opened.close();
    await rm(path, { force: true });
  }
}

async function draw(stream: OpenStream, bytes: number, path: string) {
  const histogram = new Array<number>(256).fill(0);
  const balance: number[] = [];
  const battery: PartResult[] = [];
  let sum = 0;
  const file = await open(path, 'w');
  for (let part = 0; part < PARTS; part += 1) {
    const chunk = new Uint8Array(Math.floor(bytes / PARTS));
    await stream.fill(chunk);
    await file.write(chunk);
    const step = Math.ceil(chunk.length / POINTS_PER_PART);
    for (let at = 0; at < chunk.length; at += step) {
      const counts = countBytes(chunk.subarray(at, at + step));
      counts.histogram.forEach((count, value) => {
        histogram[value] = (histogram[value] ?? 0) + count;
      });
      sum += 2 * counts.ones - counts.bits;
      balance.push(sum);
    }
    battery.push(Object.fromEntries(judge(chunk).map(({ name, p }) => [name, p])) as PartResult);
  }
  await file.close();
  return { histogram, balance, battery };
}

async function drawFresh(stream: OpenStream, bytes: number, path: string): Promise<string> {
  const chunk = new Uint8Array(bytes);
  await stream.fill(chunk);
  const file = await open(path, 'w');
  await file.write(chunk);
  await file.close();
  return path;
}

/** @param fresh makes a file of so many bytes that nobody has judged; undefined: a weak result stands */
export async function askTools(
  path: string,
  bytes: number,
  fresh: ((length: number) => Promise<string>) | undefined,
): Promise<ToolResults> {
  const tasks: (() => Promise<unknown>)[] = [
    () => runRngtest(path, bytes),
    () => runEnt(path),
    ...DIEHARDER_TESTS.map((test) => () => runDieharder(path, test, bytes)),
  ];
  const [rngtest, ent, ...dieharder] = (await inParallel(tasks)) as [
    ToolResults['rngtest'],
    ToolResults['ent'],
    ...DieharderResult[],
  ];
  for (const [index, test] of DIEHARDER_TESTS.entries()) {
    const first = dieharder[index];
    if (first?.assessment !== 'WEAK' || fresh === undefined) continue;
    // One p-value in a hundred is weak by chance: what is broken is weak again.
    const length = samplesOf(test, bytes) * test.bytesPerSample;
    const freshPath = await fresh(length);
    dieharder[index] = { ...(await runDieharder(freshPath, test, length)), isSecondRun: true };
    await rm(freshPath);
  }
  return { rngtest, ent, dieharder };
}

export function haveAllPassed({ rngtest, ent, dieharder }: ToolResults): boolean {
  return (
    rngtest.passed &&
    ent.passed &&
    dieharder.every(({ assessment }) => assessment === 'PASSED' || assessment === 'WEAK')
  );
}

async function inParallel(tasks: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  const results: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const index = next;
      next += 1;
      results[index] = await tasks[index]?.();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
