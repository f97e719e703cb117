import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draw, DrawEntropy } from '../../lib/entropy/draw.ts';
import { createMix } from '../../lib/entropy/mix.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { type TestedLocal, testLocal } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';

/** A source that has passed its tests and gives these bytes; it remembers the arrays that it gave away. */
function scripted(name: string, bytes: readonly number[]) {
  const given: Uint8Array[] = [];
  const lengths: number[] = [];
  const source: TestedLocal = {
    kind: 'local',
    name,
    isOpen: () => true,
    read(length) {
      const array = Uint8Array.from(bytes);
      lengths.push(length);
      given.push(array);
      return array;
    },
  };
  return { source, given, lengths };
}

function mixOf(sources: readonly TestedLocal[]): DrawEntropy {
  return createMix({ sources, onFailure: 'refuse', timeoutMs: 1_000 });
}

const draw = async (sources: readonly TestedLocal[], length: number): Promise<Draw> => mixOf(sources)(length);

/** A source as the service has it: tested at its start and at every read. */
function tested(source: LocalSource): TestedLocal {
  return testLocal(source, { onHealth: () => undefined, monotonicMs: () => 0 });
}

/** A source that passes the test at its start and then fails in its own way. */
function breaking(read: (length: number) => Uint8Array): TestedLocal {
  let reads = 0;
  return tested({
    kind: 'local',
    name: 'broken',
    read(length) {
      reads += 1;
      return reads === 1 ? nodeCryptoSource.read(length) : read(length);
    },
  });
}

const XOR = [
  { name: 'one source', inputs: [[0x00, 0xff, 0x5a]], output: [0x00, 0xff, 0x5a] },
  {
    name: 'two sources',
    inputs: [
      [0x0f, 0xff, 0x00],
      [0xf0, 0xff, 0x5a],
    ],
    output: [0xff, 0x00, 0x5a],
  },
  {
    name: 'three sources',
    inputs: [
      [0x01, 0x80, 0xff],
      [0x02, 0x80, 0xff],
      [0x04, 0x80, 0xff],
    ],
    output: [0x07, 0x80, 0xff],
  },
  {
    name: 'a source of zeros',
    inputs: [
      [0x00, 0x00, 0x00],
      [0x12, 0x34, 0x56],
    ],
    output: [0x12, 0x34, 0x56],
  },
];
for (const { name, inputs, output } of XOR) {
  test(`${name} mixed by XOR`, async () => {
    const sources = inputs.map((bytes, index) => scripted(`s-${index}`, bytes));
    const drawn = await draw(
      sources.map(({ source }) => source),
      3,
    );
    assert.deepEqual([...drawn.bytes], output);
    assert.deepEqual(
      drawn.sources,
      sources.map(({ source }) => source.name),
    );
    assert.deepEqual(drawn.omitted, []);
    assert.deepEqual(
      sources.map(({ lengths }) => lengths),
      inputs.map(() => [3]),
    );
  });
}

test('inputs are zeroed once they are mixed', async () => {
  const sources = [scripted('a', [1, 2]), scripted('b', [3, 4]), scripted('c', [5, 6])];
  const { bytes } = await draw(
    sources.map(({ source }) => source),
    2,
  );
  for (const { given } of sources) {
    for (const array of given) assert.ok(array === bytes || array.every((byte) => byte === 0));
  }
});

test('every draw asks every source anew', async () => {
  const sources = [scripted('a', [1, 2]), scripted('b', [3, 4])];
  const mix = mixOf(sources.map(({ source }) => source));
  const [first, second] = [await mix(2), await mix(2)];
  assert.notEqual(first.bytes.buffer, second.bytes.buffer);
  assert.deepEqual(
    sources.map(({ lengths }) => lengths),
    [
      [2, 2],
      [2, 2],
    ],
  );
});

const GOOD = tested({ ...nodeCryptoSource, name: 'good' });
const BROKEN: readonly { name: string; read: (length: number) => Uint8Array }[] = [
  { name: 'gives too few bytes', read: (length) => nodeCryptoSource.read(length - 1) },
  { name: 'gives too many bytes', read: (length) => nodeCryptoSource.read(length + 1) },
  { name: 'gives nothing', read: () => new Uint8Array() },
  { name: 'throws', read: () => fail(new Error('private-words')) },
  { name: 'throws something that is no error', read: () => fail('private-words') },
];

function fail(cause: unknown): never {
  throw cause;
}

for (const { name, read } of BROKEN) {
  for (const [place, around] of Object.entries({ alone: [], first: [GOOD], last: [GOOD] })) {
    const broken = breaking(read);
    const sources = place === 'last' ? [...around, broken] : [broken, ...around];
    test(`a source that ${name} is 502, and its name is the reason (${place})`, async () => {
      await assert.rejects(draw(sources, 4), (error) => {
        assert.ok(error instanceof ServiceError);
        assert.equal(error.key, 'backend-unavailable');
        assert.match(`${error.reason} ${error.detail}`, /^source-\S+ broken\b/);
        assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
        return true;
      });
    });
  }
}

test('the error of a source is kept as the cause', async () => {
  const cause = new Error('scripted');
  await assert.rejects(
    draw([breaking(() => fail(cause))], 4),
    (error) => error instanceof ServiceError && error.cause === cause,
  );
});

test('without a source there is no mix', () => assert.throws(() => mixOf([]), TypeError));

test('the default sources together give what was asked for, never twice', async () => {
  const mix = mixOf([tested(nodeCryptoSource), tested(createOsSource())]);
  const seen = new Set<string>();
  for (let count = 0; count < 1_000; count += 1) {
    const { bytes, sources } = await mix(32);
    assert.deepEqual([bytes.length, sources], [32, ['node-crypto', 'os']]);
    seen.add(Buffer.from(bytes).toString('hex'));
  }
  assert.equal(seen.size, 1_000);
});
