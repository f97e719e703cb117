import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConfigError, parseConfig } from '../../lib/config/config.ts';
import { createMix } from '../../lib/entropy/mix.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';

const ROOT = join(import.meta.dirname, '../..');
const OPTIONS = { onHealth: () => undefined, monotonicMs: () => 0 };

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
    const sources = ['a', 'b'].map((seed, index) => ({ ...createSeededSource(seed), name: `seeded-${index}` }));
    const mix = createMix({
      sources: sources.map((s) => testLocal(s, OPTIONS)),
      onFailure: 'refuse',
      timeoutMs: 50,
    });
    return hex((await mix(64)).bytes);
  };
  assert.equal(await draw(), await draw());
});

for (const name of ['seeded-not-random', 'seeded', 'node-crypto,seeded-not-random']) {
  test(`no configuration selects it: ENTROPY_SOURCES=${name}`, () => {
    const machine = { hasKernelRandom: true, readTextFile: String };
    assert.throws(() => parseConfig({ IAM_URL: 'https://iam.test/v3', ENTROPY_SOURCES: name }, machine), ConfigError);
  });
}

test('no file of the service mentions it, and none can ask for a file by a name made up while it runs', () => {
  const folders = ['handlers', 'lib'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const sources = folders.filter((name) => name.endsWith('.ts') && !name.endsWith('entropy/seeded.ts'));
  assert.ok(sources.length > 50);
  for (const name of sources) {
    const text = readFileSync(join(ROOT, name), 'utf8');
    assert.doesNotMatch(text, /seeded/i, name);
    assert.doesNotMatch(text, /\bimport\((?!['"])/, name);
  }
});
