import { parseArgs } from 'node:util';
import { document, sum } from './document.ts';
import { hasGrown } from './samples.ts';
import { type SoakResult, soak } from './soak.ts';

const MIB = 1024 * 1024;
const USAGE = 'usage: npm run soak -- [--seconds N, 1800 by default] [--check, which writes no file]';

function print(result: SoakResult, seconds: number): void {
  const { requests, answers, faults, audit, growth, wrong, wrongAnswers, peakBytes, bound, exit } = result;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(`${seconds} seconds within ${bound}`);
  say(`clients: ${sum(requests)}`);
  for (const [name, count] of Object.entries(requests)) say(`  ${name}: ${count}`);
  say(
    `requests answered: ${sum(answers)} (${Object.entries(answers)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', ')})`,
  );
  say(`faults injected: ${sum(faults)}`);
  for (const [name, count] of Object.entries(faults)) say(`  ${name}: ${count}`);
  say(`answers wrong: ${wrongAnswers}`);
  for (const one of wrong) say(`  ${one}`);
  say(
    `audit lines: ${audit.lines}; lines missing: ${audit.missing}, doubled: ${audit.doubled}, ` +
      `of another status: ${audit.different}`,
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

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, check: { type: 'boolean' } } });
  const seconds = Number(values.seconds ?? 1_800);
  if (!Number.isInteger(seconds) || seconds < 20) throw new Error(`--seconds is at least 20; ${USAGE}`);
  const date = new Date().toISOString().slice(0, 10);
  const result = await soak(seconds);
  print(result, seconds);
  const { samples, ...record } = result;
  if (!values.check) document({ date, seconds, node: process.version, ...record }, samples);
  if (!isGood(result)) process.exitCode = 1;
}

await main();
