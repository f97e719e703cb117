import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Fault } from '../faults/fault.ts';
import { FAULTS } from '../faults/faults.ts';
import { readRecord, soakSection } from '../soak/document.ts';
import { hasGrown } from '../soak/samples.ts';
import { FOLDER } from '../support/child-process.ts';

const read = (path: string): string => readFileSync(`${FOLDER}${path}`, 'utf8');
const guide = read('docs/reliability.md');

/** A row of the guide: what the fault's test says of it. */
function rowOf({ name, client, reason, metric, alert, heals }: Fault): string {
  const shown = metric === undefined ? '–' : `\`${metric}\``;
  const word = reason === undefined ? '–' : `\`${reason}\``;
  return `| ${name} | ${client} | ${word} | ${shown} | ${alert ?? '–'} | ${heals} |`;
}

/** The rows of the table under a heading. */
function rowsUnder(heading: string): string[] {
  const [, section = ''] = guide.split(`\n### ${heading}\n`);
  const [table = ''] = section.split('\n\n').filter((part) => part.includes('|---|'));
  return table.trim().split('\n').slice(2);
}

for (const [heading, faults] of Object.entries(FAULTS)) {
  test(`the guide's rows under "${heading}" are the tests that inject these faults`, () => {
    assert.deepEqual(rowsUnder(heading), faults.map(rowOf));
  });
}

test('no two faults have one name', () => {
  const names = Object.values(FAULTS)
    .flat()
    .map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

test('every alert that the guide names is a rule of Prometheus', () => {
  const rules = new Set(read('deploy/prometheus/gen-random.rules.yml').match(/(?<=alert: )\w+/g));
  const named = new Set(guide.match(/\bGenRandom\w+/g));
  assert.deepEqual(
    [...named].filter((name) => !rules.has(name)),
    [],
  );
});

test("the guide's figures are those of the last soak that was kept, and nothing was wrong in it", () => {
  const record = readRecord();
  assert.ok(guide.includes(`<!-- soak -->\n${soakSection(record)}<!-- /soak -->`));
  const { wrongAnswers, audit, exit } = record;
  assert.deepEqual([wrongAnswers, audit.missing, audit.doubled, audit.different, exit], [0, 0, 0, 0, '0']);
  assert.ok(!record.growth.some(hasGrown));
});
