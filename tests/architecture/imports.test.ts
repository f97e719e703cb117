import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Import, importsIn, sourceFilesIn } from '../support/source-files.ts';
import { ASSEMBLY, ROOMS, SHARED, STARTERS } from './floor-plan.ts';

const files = sourceFilesIn('handlers', 'lib');
const byPath = new Map(files.map((file) => [file.path, file]));
const isOwn = (target: string) => target.startsWith('lib/') || target.startsWith('handlers/');

test('the reader of imports sees every form of them', () => {
  const text = `import { a, type B } from './values.ts';
import { type A, type B } from './types.ts';
import type { A } from './type.ts';
import * as v from 'everything';
import {
  a,
  b,
} from './lines.ts';
import './effect.ts';
export { a } from './again.ts';
export type { A } from './again-type.ts';
const x = await import('./late.ts');
type X = typeof import('./late-type.ts');
`;
  const seen = importsIn(text).map(({ target, isType }) => `${target}${isType ? ' type' : ''}`);
  assert.deepEqual(
    seen.sort(),
    [
      './values.ts',
      './types.ts type',
      './type.ts type',
      'everything',
      './lines.ts',
      './effect.ts',
      './again.ts',
      './again-type.ts type',
      './late.ts',
      './late-type.ts type',
    ].sort(),
  );
});

test('every import of a file of ours is a file of ours, named with its ending', () => {
  const lost = files.flatMap(({ path, imports }) =>
    imports.filter(({ target }) => isOwn(target) && !byPath.has(target)).map(({ target }) => `${path} → ${target}`),
  );
  assert.deepEqual(lost, []);
});

test('the floor plan names every room and no other', () => {
  const rooms = new Set(files.filter(({ path }) => path.startsWith('lib/')).map(({ path }) => roomOf(path)));
  const planned = [...Object.keys(ROOMS), ...SHARED, ASSEMBLY];
  assert.deepEqual([...rooms].sort(), planned.sort());
});

for (const [room, { calls, knows }] of Object.entries(ROOMS)) {
  test(`${room} calls: ${listed(calls)}; knows the types of: ${listed(knows)}`, () => {
    const strangers = importsOf(room).filter(({ to, isType }) => {
      return !calls.includes(to) && !(isType && knows.includes(to));
    });
    assert.deepEqual(strangers.map(described), []);
    const used = new Set(importsOf(room).map(({ to }) => to));
    const unused = [...calls, ...knows].filter((other) => !used.has(other));
    assert.deepEqual(unused, [], 'the floor plan allows what nobody needs');
  });
}

test('the shared files import one another at most, and what is global but for its name', () => {
  for (const path of SHARED) {
    const strangers = byPath
      .get(path)
      ?.imports.filter(({ target }) => !SHARED.includes(target) && target !== 'node:buffer');
    assert.deepEqual(strangers, [], path);
  }
});

test('the assembly is called by those that start it, alone', () => {
  const isCall = ({ target, isType }: Import) => roomOf(target) === ASSEMBLY && !isType;
  const callers = files.filter(({ path, imports }) => roomOf(path) !== ASSEMBLY && imports.some(isCall));
  const strangers = callers.filter(({ path }) => !STARTERS.some((place) => path.startsWith(place)));
  assert(callers.length > 0);
  assert.deepEqual(
    strangers.map(({ path }) => path),
    [],
  );
});

test('the local run is imported by its handler alone', () => {
  const importers = files.filter(({ path, imports }) => {
    return !path.startsWith('lib/local/') && imports.some(({ target }) => target.startsWith('lib/local/'));
  });
  assert.deepEqual(
    importers.map(({ path }) => path),
    ['handlers/local.ts'],
  );
});

test('nobody imports a handler', () => {
  const targets = files.flatMap(({ imports }) => imports.map(({ target }) => target));
  assert.deepEqual(
    targets.filter((target) => target.startsWith('handlers/')),
    [],
  );
});

const OUTSIDE =
  /^@middy\/|^@aws-sdk\/|^aws-lambda$|^node:(?:https?|http2|net|tls|dns)$|^lib\/(?:http|outbound|adapters)\//;

for (const { path } of files.filter((file) => isOfTheCore(file.path))) {
  test(`${path} runs without HTTP, without a cloud and without middy`, () => {
    const reached = [...reachedFrom(path)].filter((target) => OUTSIDE.test(target));
    assert.deepEqual(reached, []);
  });
}

const measuring = sourceFilesIn('bench', 'scripts');
for (const file of measuring) byPath.set(file.path, file);

test('no import leads back to its file', () => {
  for (const { path } of [...files, ...measuring]) assert(!reachedFrom(path).has(path), `${path} → … → ${path}`);
});

test('in bench/ and scripts/ no file knows the types of one that knows its own', () => {
  for (const { path } of measuring) assert(!reachedFrom(path, true).has(path), `${path} → … → ${path}`);
});

interface Step {
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly isType: boolean;
}

/** What a room imports of the project outside itself and the shared tables. */
function importsOf(room: string): Step[] {
  return files
    .filter(({ path }) => roomOf(path) === room)
    .flatMap(({ path, imports }) => imports.map((step) => ({ ...step, from: path, to: roomOf(step.target) })))
    .filter(({ target, to }) => isOwn(target) && to !== room && !SHARED.includes(to));
}

/** Every file and package that is loaded with a file; with types, those that it only knows too. */
function reachedFrom(start: string, withTypes = false): Set<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const { target, isType } of byPath.get(next)?.imports ?? []) {
      if ((isType && !withTypes) || reached.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return reached;
}

/** The folders of single clouds and the list of sources are no part of it: they are what a configuration adds. */
function isOfTheCore(path: string): boolean {
  return path.startsWith('lib/gen-random/') || /^lib\/entropy\/(?!sources\.ts)[^/]+$/.test(path);
}

/** The folder of a file, one level down, or two below `lib/adapters`; a file loose in `lib/` is its own. */
function roomOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('lib/adapters/') ? 3 : 2)
    .join('/');
}

function described({ from, target, isType }: Step): string {
  return `${from} → ${target}${isType ? ' (types)' : ''}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
