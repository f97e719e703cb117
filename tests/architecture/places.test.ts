import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, sourceFilesIn } from '../support/source-files.ts';
import { PACKAGES, WORDS } from './floor-plan.ts';

const files = sourceFilesIn('handlers', 'lib');
const isOwn = (target: string) => target.startsWith('lib/') || target.startsWith('handlers/');

for (const [name, places] of Object.entries(PACKAGES)) {
  test(`places that import ${name}: ${listed(places)}`, () => {
    const importers = files.filter(({ imports }) => imports.some(({ target }) => matches(name, target)));
    const strangers = importers.filter(({ path }) => !places.some((place) => path.startsWith(place)));
    assert.deepEqual(
      strangers.map(({ path }) => path),
      [],
    );
  });
}

test('every package that is imported has its place', () => {
  const names = files.flatMap(({ imports }) => imports.map(({ target }) => target));
  const foreign = names.filter((target) => !isOwn(target) && !target.startsWith('node:'));
  const unplaced = foreign.filter((target) => !Object.keys(PACKAGES).some((name) => matches(name, target)));
  assert.deepEqual(unplaced, []);
});

for (const [name, word, places] of WORDS) {
  test(`places of ${name}: ${listed(places)}`, () => {
    const holders = files.filter(
      ({ text, path }) => word.test(text) && !places.some((place) => path.startsWith(place)),
    );
    assert.deepEqual(
      holders.map(({ path }) => path),
      [],
    );
  });
}

test('there is no barrel and no file that has to be scrolled for long', () => {
  const barrels = files.filter(({ path }) => /(?:^|\/)(?:index|utils?|helpers?|common)\.ts$/.test(path));
  const long = files.filter(({ path }) => linesOf(path).length > 201);
  assert.deepEqual(
    [...barrels, ...long].map(({ path }) => path),
    [],
  );
});

test('comments stand within 120 columns', () => {
  const long = files.flatMap(({ path }) =>
    linesOf(path).filter((line) => line.length > 120 && /^\s*(?:\/\/|\/?\*)/.test(line)),
  );
  assert.deepEqual(long, []);
});

function matches(name: string, target: string): boolean {
  return target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
