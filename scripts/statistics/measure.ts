import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { release, type } from 'node:os';
import { join } from 'node:path';
import { withScope } from '../../bench/support/scope.ts';
import { ALPHA, failed, judge, type TestName } from '../../tests/statistics/battery.ts';
import { countBytes } from '../../tests/statistics/byte-counts.ts';
import { CONTROLS } from '../../tests/statistics/controls.ts';
import { draw, openStreams, type Stream } from './streams.ts';
import { askTools, haveAllPassed, versions } from './tools.ts';

const MEGA = 1_000_000;
const CONTROL_BYTES = 32 * MEGA;
/** Parts of a stream that the battery judges by themselves, and points of the plot of its balance in each. */
const [PARTS, POINTS_PER_PART] = [16, 16];

/** All that a run found; `docs/statistics/result.json` is one of these. */
export type Result = Awaited<ReturnType<typeof measure>>;

/** @param bytes of all streams @param folder for their files, one at a time */
export async function measure(bytes: number, folder: string) {
  const startedMs = performance.now();
  const streams = await withScope(async (scope) => {
    const results = [];
    const all = await openStreams(scope);
    for (const stream of all) {
      const result = await judgeStream(stream, Math.floor(bytes / all.length), join(folder, stream.name));
      const { name, passed, drawnInSeconds } = result;
      console.log(`${name}: ${result.bytes / MEGA} MB ${passed ? 'passed' : 'FAILED'}, drawn in ${drawnInSeconds} s`);
      results.push(result);
    }
    return results;
  });
  const controls = [];
  for (const control of CONTROLS) {
    const result = await judgeControl(control, join(folder, 'control'));
    console.log(`control ${control.name}: ${haveAllPassed(result.tools) ? 'NOT CAUGHT' : 'caught'}`);
    controls.push(result);
  }
  return {
    /** UTC. */
    date: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    openssl: process.versions.openssl,
    system: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    tools: await versions(),
    seconds: Math.round((performance.now() - startedMs) / 1000),
    streams,
    controls,
    passed: streams.every(({ passed }) => passed) && controls.every(({ tools }) => !haveAllPassed(tools)),
  };
}

/** Draws a stream into a file of a folder, judges it on the way and then by the tools, and removes the folder. */
async function judgeStream(stream: Stream, bytes: number, folder: string) {
  await mkdir(folder);
  const path = join(folder, 'bytes');
  const histogram = new Array<number>(256).fill(0);
  /** Ones minus zeros up to here, at even distances along the stream. */
  const balance: number[] = [];
  /** For each part the p-value of each test. */
  const battery: Readonly<Record<TestName, number>>[] = [];
  const startedMs = performance.now();
  for (let part = 0; part < PARTS; part += 1) {
    const chunk = await draw(stream, Math.floor(bytes / PARTS));
    await appendFile(path, chunk);
    const step = Math.ceil(chunk.length / POINTS_PER_PART);
    for (let at = 0; at < chunk.length; at += step) {
      const counts = countBytes(chunk.subarray(at, at + step));
      for (const [value, count] of counts.histogram.entries()) histogram[value] = (histogram[value] ?? 0) + count;
      balance.push((balance.at(-1) ?? 0) + 2 * counts.ones - counts.bits);
    }
    battery.push(Object.fromEntries(judge(chunk).map(({ name, p }) => [name, p])) as Record<TestName, number>);
  }
  const drawnInSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const tools = await askTools(path, bytes, async (name, length) => {
    await writeFile(join(folder, name), await draw(stream, length));
    return join(folder, name);
  });
  await rm(folder, { recursive: true });
  const passed = battery.every((part) => Object.values(part).every((p) => p >= ALPHA)) && haveAllPassed(tools);
  return { name: stream.name, bytes, drawnInSeconds, histogram, balance, battery, tools, passed };
}

/** What the same tests say of bytes that are broken on purpose. */
async function judgeControl({ name, make }: (typeof CONTROLS)[number], path: string) {
  const bytes = make(CONTROL_BYTES);
  await writeFile(path, bytes);
  return { name, bytes: bytes.length, battery: failed(judge(bytes)), tools: await askTools(path, bytes.length) };
}
