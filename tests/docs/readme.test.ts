import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { VARIABLES } from '../../lib/config/config.ts';
import { CATALOGUE } from '../../lib/errors.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The rows of the table that starts with the given header line, cells trimmed and without back-ticks. */
function tableBelow(header: string): string[][] {
  const start = readme.indexOf(`${header}\n|---`);
  assert.notEqual(start, -1, `no table ${header}`);
  const [table = ''] = readme.slice(start).split('\n\n', 1);
  const lines = table.split('\n').slice(2);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test("the README's errors are the catalogue's", () => {
  const documented = tableBelow('| status | code | error_msg |').map((cells) => cells.join(' '));
  const rows = Object.values(CATALOGUE).map((row) => `${row.status} ${row.code} ${row.message}`);
  assert.deepEqual(documented.toSorted(), [...new Set(rows)].toSorted());
});

test("the README's variables and defaults are the parser's", () => {
  const documented = tableBelow('| variable | default | meaning |').map(([names, fallback]) => [names, fallback]);
  const parsed = Object.entries(VARIABLES).map(([name, schema]) => [
    name,
    'default' in schema && schema.default !== undefined ? String(schema.default) : '–',
  ]);
  assert.deepEqual(documented, parsed);
});
