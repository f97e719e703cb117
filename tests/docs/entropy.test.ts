import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { FOLDER } from '../support/child-process.ts';
import { IAM_URL, problemsOf } from '../support/config.ts';

const page = readFileSync(`${FOLDER}docs/entropy.md`, 'utf8');

interface Reference {
  readonly file: string;
  readonly title: string;
}

/** Every title in quotes, with the file of tests that was named last before it. */
function references(): Reference[] {
  const flowing = page.replaceAll(/\s+/g, ' ');
  const found: Reference[] = [];
  let file: string | undefined;
  for (const [, path, title] of flowing.matchAll(/`(tests\/[\w/.-]+\.ts)`|"([^"]+)"/g)) {
    if (path !== undefined) file = path;
    else if (file !== undefined && title !== undefined) found.push({ file, title });
  }
  return found;
}

const TITLE = /\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;

/** Whether a test has this title, as it is written or with words of the same file in the places of a template. */
function hasTest(source: string, title: string): boolean {
  return [...source.matchAll(TITLE)].some(([, , written = '']) => {
    const fixed = written.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^$()|[\]{}\\]/g, String.raw`\$&`));
    const match = new RegExp(`^${fixed.join('(.+)')}$`).exec(title);
    const words = match?.slice(1).flatMap((filled) => filled.match(/[\w-]+/g) ?? []);
    return words?.every((word) => source.includes(word)) ?? false;
  });
}

const named = references();

suite('docs/entropy.md', () => {
  test('names tests', () => assert.ok(named.length > 30));

  for (const file of new Set([...page.matchAll(/`((?:tests|lib)\/[\w/.-]+)`/g)].map(([, path = '']) => path))) {
    test(`${file} is there`, () => assert.ok(existsSync(`${FOLDER}${file}`)));
  }

  for (const { file, title } of named) {
    test(`${file} has the test "${title}"`, () => assert.ok(hasTest(readFileSync(`${FOLDER}${file}`, 'utf8'), title)));
  }

  test('a title that no test has would be noticed', () => {
    const source = readFileSync(`${FOLDER}tests/entropy/mix-failures.test.ts`, 'utf8');
    assert.equal(hasTest(source, 'local source is drowsy and is the only one: nothing is drawn'), false);
    assert.equal(hasTest(source, 'local source is stuck and is the only one: nothing is'), false);
    assert.equal(hasTest(source, 'local source is stuck and is the only one: nothing is drawn'), true);
  });

  test('has a row for every source that can be configured', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    const [problem = ''] = problemsOf({ IAM_URL, ENTROPY_SOURCES: 'none' });
    assert.ok(problem.includes(`a comma list of ${rows.join(', ')},`), problem);
  });

  for (const failure of ['stuck', 'zero', 'short', 'slow', 'throwing', 'lying length', 'equal to another']) {
    test(`has a row for the failure "${failure}", and a test for it`, () => {
      const rows = page.split('\n').filter((line) => line.toLowerCase().startsWith(`| ${failure}:`));
      assert.equal(rows.length, 2);
      assert.match(rows[1] ?? '', /`tests\/[\w/.-]+\.ts`: "/);
    });
  }
});
