import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CATALOGUE } from '../../lib/errors.ts';
import { REASONS } from '../../lib/reasons.ts';
import { ALERTS } from '../observe/alerts.ts';

const guide = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');

/** The cells of every row of a table below a heading. */
function rowsBelow(heading: string): string[][] {
  const section = guide.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? assert.fail(heading);
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:status|reason) \|/.test(line));
  return rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$|`/g, '').trim()));
}

test('every error of the catalogue has its row', () => {
  const rows = rowsBelow('By error code').map(([status, code]) => `${status} ${code}`);
  const errors = Object.values(CATALOGUE).map(({ status, code }) => `${status} ${code}`);
  assert.deepEqual(rows.toSorted(), [...new Set(errors)].toSorted());
});

test('every reason has its row, with the sentence that the code has', () => {
  const rows = rowsBelow('By reason').map(([reason, meaning]) => [reason, meaning]);
  assert.deepEqual(rows, Object.entries(REASONS));
});

test('every reason says what to do', () => {
  for (const [reason, , action = ''] of rowsBelow('By reason')) assert(action.length > 10, reason);
});

test('every alert has its section, where its runbook link leads', () => {
  for (const { alert, annotations } of ALERTS) {
    assert(guide.includes(`\n### ${alert}\n`), alert);
    assert.equal(annotations.runbook_url, `docs/troubleshooting.md#${alert.toLowerCase()}`);
  }
});
