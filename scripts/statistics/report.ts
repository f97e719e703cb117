import { ALPHA } from '../../tests/statistics/battery.ts';
import { haveAllPassed } from './judge-stream.ts';
import type { Result, StreamResult, ToolResults } from './result.ts';

const MEGA = 1_000_000;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const verdict = (passed: boolean): string => (passed ? 'passed' : '**failed**');

function streamRow({ name, bytes, battery, tools, passed }: StreamResult): string[] {
  const { rngtest, ent } = tools;
  const least = Math.min(...battery.flatMap((part) => Object.values(part)));
  return [
    `\`${name}\``,
    `${bytes / MEGA} MB`,
    `${rngtest.failures} of ${thousands(rngtest.blocks)} (limit ${rngtest.limit})`,
    `${ent.entropy.toFixed(6)}, ${ent.percent.toFixed(2)} %, ${ent.serialCorrelation.toFixed(6)}`,
    dieharderWords(tools),
    least.toPrecision(2),
    verdict(passed),
  ];
}

function dieharderWords({ dieharder }: ToolResults): string {
  const count = dieharder.reduce((sum, { pValues }) => sum + pValues.length, 0);
  const failing = dieharder.filter(({ assessment }) => isBad(assessment)).map(({ test }) => test);
  const weak = dieharder.filter(({ isSecondRun }) => isSecondRun);
  const seconds = weak.map(({ test, assessment }) => `${test} weak, then ${assessment.toLowerCase()}`);
  const words = failing.length === 0 ? `${count} p-values, none failed` : `failed: ${failing.join(', ')}`;
  return [words, ...seconds].join('; ');
}

const isBad = (assessment: string): boolean => assessment === 'FAILED' || assessment === 'ABORTED';

function controlRow({ name, battery, tools }: Result['controls'][number]): string[] {
  const { rngtest, ent, dieharder } = tools;
  const failing = dieharder.filter(({ assessment }) => isBad(assessment)).length;
  return [
    name,
    rngtest.passed ? '–' : `caught: ${thousands(rngtest.failures)} of ${thousands(rngtest.blocks)}`,
    ent.passed ? '–' : 'caught',
    failing === 0 ? '–' : `caught: ${failing} of ${dieharder.length} tests`,
    battery.length === 0 ? '–' : battery.join(', '),
    haveAllPassed(tools) ? '**not caught**' : 'caught',
  ];
}

function thousands(count: number): string {
  return count.toLocaleString('en-GB');
}

export function writeReport(result: Result): string {
  const { streams, controls, tools } = result;
  const total = streams.reduce((sum, { bytes }) => sum + bytes, 0);
  const http = streams.find(({ name }) => name === 'HTTP');
  const programs = Object.entries(tools).map(([name, version]) => `${name} ${version}`);
  return `# Statistics of the bytes

Written by \`npm run test:statistics\` on ${result.date}: ${thousands(total / MEGA)} MB in ${thousands(result.seconds)} s, ${verdict(result.passed)}. Node ${result.node} with
OpenSSL ${result.openssl}, ${result.system}, ${programs.join(', ')}. All figures are in [result.json](statistics/result.json).

Statistics find a source that is broken. They do not prove that bytes cannot be foretold: the hash of a counter passes them all.
What is done about that is in [entropy.md](entropy.md).

## Streams

\`node-crypto\` and \`os\` are read as the service reads them, 1024 bytes at a time; \`mix\` is their XOR with the health tests on. \`HTTP\` is
what the container's server answered on loopback${http === undefined ? '' : `, ${thousands(Math.ceil(http.bytes / 1024))} requests of 8192 bits`}.

${table(['stream', 'size', 'rngtest: failed blocks', 'ent: entropy, chi-square, serial correlation', 'dieharder', 'own tests: least p', ''], streams.map(streamRow))}

- **rngtest** (FIPS 140-2): of good blocks 16 in 20,000 fail. The limit is passed by chance once in 10^9 runs.
- **ent**: more than 7.9999 bits a byte, a chi-square between 0.01 and 99.99 %, a serial correlation below 0.001. A good stream
  misses the second once in 5,000 runs.
- **dieharder** (-d 0, 1, 2, 15, 100, 101, 102): FAILED is a p-value below 10^-6 or above 1 − 10^-6. One p-value in a hundred is
  WEAK by chance; a weak test runs once more on fresh bytes. sts_serial has 31 p-values that lean on each other and on the high side: of 24 runs
  over dieharder's own AES generator (-g 205) 16 had a weak one. No byte serves two samples of one test: where a stream is too short for 100 of
  them, fewer are made.
- **own tests** (\`tests/statistics/battery.ts\`): each sixteenth of a stream is judged by monobit, runs, poker, bytes, longest run and
  duplicate blocks; p below ${ALPHA.toExponential(0).replace('e-', ' × 10^-')} fails. \`npm test\` runs them on 1 MiB.

![P-values of all tests](statistics/p-values.svg)

![How often each byte came](statistics/bytes.svg)

![Balance of ones and zeros](statistics/balance.svg)

## Negative controls

Sources that are broken on purpose, ${(controls[0]?.bytes ?? 0) / MEGA} MB each, through the same judges. Each must be caught by one of the three programs at least.

${table(['control', 'rngtest', 'ent', 'dieharder', 'own tests', ''], controls.map(controlRow))}

## To repeat it

\`\`\`sh
npm run test:statistics              # 1 GB in all
npm run test:statistics -- 4G        # more; at least 100M
npm run test:statistics -- report    # this page and its pictures again from result.json
\`\`\`

On Debian it installs \`rng-tools5\`, \`ent\` and \`dieharder\` if they are missing. It talks to loopback only, needs the disk space of one stream and
ends by itself; its exit code is 1 if anything failed.
`;
}
