import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../bench/support/project.ts';
import { measure } from './measure.ts';
import { publish } from './report.ts';

// npm run test:statistics [-- <bytes in all, such as 1G, or report>]
/** Of all streams, so that the limits for ent hold: the serial correlation of each then deviates by 0.0002. */
const MIN_BYTES = 100_000_000;
const RESULT = join(ROOT, 'docs/statistics/result.json');

function parseSize(text: string): number {
  const [, count, unit] = /^(\d+)([GM])$/.exec(text) ?? [];
  const bytes = Number(count) * (unit === 'G' ? 1e9 : 1e6);
  if (!(bytes >= MIN_BYTES)) throw new RangeError('the size is in bytes such as 1G or 200M, at least 100M');
  return bytes;
}

async function main(argument = '1G'): Promise<void> {
  if (argument === 'report') return publish(JSON.parse(readFileSync(RESULT, 'utf8')));
  const bytes = parseSize(argument);
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-statistics-'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const result = await measure(bytes, folder);
  writeFileSync(RESULT, JSON.stringify(result));
  execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['format', '--write', RESULT], { stdio: 'ignore' });
  publish(result);
  console.log(`${result.passed ? 'passed' : 'FAILED'} after ${result.seconds} s: docs/statistics.md`);
  process.exitCode = result.passed ? 0 : 1;
}

await main(process.argv[2]);
