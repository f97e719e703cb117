import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LIMITS } from '../../bench/budgets.ts';
import { MEASUREMENTS } from '../../bench/run.ts';

const DOCS = join(import.meta.dirname, '../../docs');
const guideOf = (name: string) => readFileSync(join(DOCS, `${name}.md`), 'utf8');

/** The sections of the guide, by their headings. */
const SECTIONS = new Map(
  guideOf('performance')
    .split('\n## ')
    .map((section) => [section.split('\n', 1)[0], section]),
);

for (const { name, title } of MEASUREMENTS) {
  test(`the section "${title}" says how ${name} is measured, and holds its figures`, () => {
    const section = SECTIONS.get(title) ?? '';
    assert.match(section, new RegExp(`^.+\n\n\\w[^]+\n<!-- ${name} -->\n\\|[^]+\n<!-- / -->`));
  });
}

test('the guide explains every limit that is missed, and no other', () => {
  const explained = [...(SECTIONS.get('What is missed, and what was tried') ?? '').matchAll(/^- \*\*(.+)\.\*\*/gm)];
  const held = Object.entries(LIMITS).filter(([, limit]) => 'held' in limit);
  assert.deepEqual(
    explained.flatMap(([, names = '']) => names.split('; ')).toSorted(),
    held.map(([name]) => name).toSorted(),
  );
});

for (const name of ['performance', 'scale', 'statistics']) {
  test(`every picture of ${name}.md is there`, () => {
    const pictures = [...guideOf(name).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    assert.ok(pictures.length > 0);
    assert.deepEqual(
      pictures.filter((path) => !existsSync(join(DOCS, path))),
      [],
    );
  });
}
