import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { IAM_URL, problemNames } from '../support/config.ts';
import { sourceFilesIn } from '../support/source-files.ts';
import { mixOf, watch } from './scripted-sources.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('its name says what it is not', () => assert.equal(createSeededSource('a').name, 'seeded-not-random'));

test('the same seed gives the same bytes in every release', () => {
  // SHA-256 of "0 a seed", worked out by another program.
  assert.equal(
    hex(createSeededSource('a seed').read(32)),
    'c479230ace65b38f97cf4dc7dcc059e6b58b2c2ec8c02afbd8940ea2a31c258c',
  );
});

test('one seed is one stream, however it is cut', () => {
  const whole = createSeededSource('a').read(1024);
  const source = createSeededSource('a');
  const pieces = [1, 31, 32, 33, 64, 7, 500, 356].map((length) => source.read(length));
  assert.deepEqual(Buffer.concat(pieces), Buffer.from(whole));
});

test('it does not repeat itself, and seeds differ', () => {
  const blocks = ['a', 'b', '1 a', ' a'].flatMap((seed) => {
    const source = createSeededSource(seed);
    return Array.from({ length: 100 }, () => hex(source.read(32)));
  });
  assert.equal(new Set(blocks).size, 400);
});

test('nobody else has its arrays', () => {
  const source = createSeededSource('a');
  const bytes = source.read(8);
  assert.equal(bytes.buffer.byteLength, 8);
  bytes.fill(0);
  assert.notEqual(hex(source.read(8)), hex(bytes));
});

test('without a seed there is none', () => assert.throws(() => createSeededSource(''), TypeError));

test('it stands in for a source: the health test passes it and the mix is the same every time', async () => {
  const draw = async (): Promise<string> => {
    const sources = ['a', 'b'].map((seed) => ({ ...createSeededSource(seed), name: `seeded-${seed}` }));
    return hex((await mixOf(sources.map((source) => ({ tested: testLocal(source, watch()) })))(64)).bytes);
  };
  assert.equal(await draw(), await draw());
});

for (const name of ['seeded-not-random', 'seeded', 'node-crypto,seeded-not-random']) {
  test(`no configuration selects it: ENTROPY_SOURCES=${name}`, () => {
    assert.deepEqual(problemNames({ IAM_URL, ENTROPY_SOURCES: name }), ['ENTROPY_SOURCES']);
  });
}

test('no file of the service mentions it, and none can ask for a file by a name made up while it runs', () => {
  const files = sourceFilesIn('handlers', 'lib').filter(({ path }) => path !== 'lib/entropy/seeded.ts');
  assert.ok(files.length > 50);
  for (const { path, text } of files) {
    assert.doesNotMatch(text, /seeded/i, path);
    assert.doesNotMatch(text, /\bimport\((?!['"])/, path);
  }
});
