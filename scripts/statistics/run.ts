import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, judge } from '../../tests/statistics/battery.ts';
import { CONTROLS } from '../../tests/statistics/controls.ts';
import { askTools, haveAllPassed, judgeStream } from './judge-stream.ts';
import { balanceWalks, byteDeviations, pValues } from './plots.ts';
import { writeReport } from './report.ts';
import type { ControlResult, Result, StreamResult } from './result.ts';
import { allStreams } from './streams.ts';
import { versions } from './tools.ts';

// npm run test:statistics [-- <bytes in all, such as 1G, or report>]
const GIGA = 1_000_000_000;
const MEGA = 1_000_000;
const CONTROL_BYTES = 32 * MEGA;
/** Of each stream, so that the limits for ent hold: its serial correlation then deviates by 0.0002. */
const MIN_STREAM_BYTES = 25 * MEGA;

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const RESULT = join(DOCS, 'statistics/result.json');

function parseSize(text: string): number {
  const [, count, unit] = /^(\d+)([GM])$/.exec(text) ?? [];
  const bytes = Number(count) * (unit === 'G' ? GIGA : MEGA);
  if (!(bytes >= 4 * MIN_STREAM_BYTES)) throw new RangeError('the size is in bytes such as 1G or 200M, at least 100M');
  return bytes;
}

async function measure(bytes: number, folder: string): Promise<Result> {
  const startedMs = performance.now();
  const streams: StreamResult[] = [];
  const all = allStreams();
  for (const stream of all) {
    console.log(`${stream.name}: ${bytes / all.length / MEGA} MB`);
    const result = await judgeStream(stream, Math.floor(bytes / all.length), folder);
    console.log(`${stream.name}: ${result.passed ? 'passed' : 'FAILED'}, drawn in ${result.drawnInSeconds} s`);
    streams.push(result);
  }
  const controls: ControlResult[] = [];
  for (const control of CONTROLS) {
    const result = await judgeControl(control, folder);
    console.log(`control ${control.name}: ${haveAllPassed(result.tools) ? 'NOT CAUGHT' : 'caught'}`);
    controls.push(result);
  }
  return {
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

async function judgeControl({ name, make }: (typeof CONTROLS)[number], folder: string): Promise<ControlResult> {
  const bytes = make(CONTROL_BYTES);
  const path = join(folder, 'control');
  await writeFile(path, bytes);
  const tools = await askTools(path, bytes.length, undefined);
  return { name, bytes: bytes.length, battery: failed(judge(bytes)), tools };
}

function publish(result: Result): void {
  writeFileSync(join(DOCS, 'statistics/bytes.svg'), byteDeviations(result));
  writeFileSync(join(DOCS, 'statistics/balance.svg'), balanceWalks(result));
  writeFileSync(join(DOCS, 'statistics/p-values.svg'), pValues(result));
  writeFileSync(join(DOCS, 'statistics.md'), writeReport(result));
}

async function main(argument = '1G'): Promise<void> {
  if (argument === 'report') {
    publish(JSON.parse(readFileSync(RESULT, 'utf8')));
    return;
  }
  const bytes = parseSize(argument);
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-statistics-'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const result = await measure(bytes, folder);
  writeFileSync(RESULT, JSON.stringify(result));
  execFileSync('node_modules/.bin/biome', ['format', '--write', RESULT], { stdio: 'ignore' });
  publish(result);
  console.log(`${result.passed ? 'passed' : 'FAILED'} after ${result.seconds} s: docs/statistics.md`);
  process.exitCode = result.passed ? 0 : 1;
}

await main(process.argv[2]);
