import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { Measurement } from '../../bench/measurement.ts';
import { take } from '../../bench/run.ts';

const BUDGET = { name: 'a cost', of: 'value', bound: 'at most', limit: 100, tolerance: 0.1 } as const;

/** A measurement that finds one figure after another. */
function measurementOf(figures: readonly number[]): { measurement: Measurement; taken: () => number } {
  const left = [...figures];
  const measure = async () => ({
    rows: [{ label: 'a row', value: left.shift() ?? Number.NaN, unit: 'ms', budget: BUDGET }],
  });
  return { measurement: { name: 'costs', title: 'Costs', measure }, taken: () => figures.length - left.length };
}

suite('a measurement', () => {
  const CASES = [
    { mode: 'quick', figures: [105], shown: 105 },
    { mode: 'quick', figures: [130, 105], shown: 105 },
    { mode: 'quick', figures: [130, 120, 125], shown: 120 },
    { mode: 'full', figures: [130], shown: 130 },
  ] as const;
  for (const { mode, figures, shown } of CASES) {
    test(`that finds ${figures.join(', then ')} in a ${mode} run shows ${shown}`, async () => {
      const { measurement, taken } = measurementOf([...figures, 0]);
      const lines: string[] = [];
      const result = await take(measurement, { mode, artefacts: '', print: (line) => lines.push(line) });
      assert.equal(result.rows[0]?.value, shown);
      assert.equal(taken(), figures.length);
      assert.match(lines.at(-1) ?? '', new RegExp(`^ {2}a row: ${shown} ms \\[at most 100 ms`));
    });
  }
});

const COMMANDS = ['bench', 'bench:quick'] as const;
const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;

/** A folder where the command's programs are stand-ins that fail if they are called with a word. */
function folderWhere(t: TestContext, failing: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-command-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'scripts'));
  const text = `#!/bin/sh\ncase "$0 $*" in *${failing}*) exit 1;; esac\n`;
  for (const file of ['node', 'scripts/install-bench.sh']) writeFileSync(join(folder, file), text, { mode: 0o755 });
  return folder;
}

for (const command of COMMANDS) {
  for (const { failing, status } of [
    { failing: 'nothing-of-it', status: 0 },
    { failing: 'install-bench.sh', status: 1 },
    { failing: 'scripts/build.ts', status: 1 },
    { failing: 'bench/run.ts', status: 1 },
  ]) {
    test(`npm run ${command} ends with ${status} where ${failing} fails`, (t) => {
      const cwd = folderWhere(t, failing);
      const child = spawnSync('/bin/sh', ['-c', scripts[command] ?? ''], {
        cwd,
        env: { PATH: `${cwd}:/usr/bin:/bin` },
      });
      assert.equal(child.status, status, String(child.stderr));
    });
  }
}
