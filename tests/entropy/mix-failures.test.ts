import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ErrorKey } from '../../lib/errors.ts';
import { assertRefused } from './refusals.ts';
import {
  assertAllZeroed,
  ENOUGH_MS,
  failing,
  type Give,
  good,
  mixOf,
  openLate,
  type Part,
  stuck,
  testedLocal,
  testedRemote,
} from './scripted-sources.ts';

const LENGTH = 64;

const zero: Give = (length) => new Uint8Array(length);

/** Every way in which one source fails by itself. Only a remote one can be late: a local read has no deadline. */
const FAILURES: readonly (readonly [name: string, give: Give, key: ErrorKey])[] = [
  ['stuck', stuck, 'entropy-unhealthy'],
  ['zero', zero, 'entropy-unhealthy'],
  ['short', (length) => good(length - 1), 'backend-unavailable'],
  ['long', (length) => good(length + 1), 'backend-unavailable'],
  ['empty', () => new Uint8Array(), 'backend-unavailable'],
  [
    'lying about its length',
    (length) => Object.defineProperty(good(8), 'length', { value: length }),
    'backend-unavailable',
  ],
  ['throwing', failing, 'backend-unavailable'],
  ['throwing something that is no error', () => fail('private-words'), 'backend-unavailable'],
];

function fail(cause: unknown): never {
  throw cause;
}

interface Row {
  readonly name: string;
  readonly key: ErrorKey;
  readonly make: () => Part | Promise<Part>;
}

const ROWS: readonly Row[] = [
  ...FAILURES.flatMap(([name, give, key]) => [
    { name: `local source is ${name}`, key, make: () => testedLocal('broken', give) },
    { name: `remote source is ${name}`, key, make: () => testedRemote('broken', give) },
  ]),
  { name: 'remote source is slow', key: 'backend-timeout', make: () => openLate('broken', ENOUGH_MS) },
  { name: 'remote source is slow and deaf', key: 'backend-timeout', make: () => openLate('broken', ENOUGH_MS, true) },
];

const OTHERS: readonly (readonly [name: string, make: (give: Give) => Part | Promise<Part>])[] = [
  ['a local one', (give) => testedLocal('other', give)],
  ['a remote one', (give) => testedRemote('other', give)],
];

/** Remembers what it gives, for the mix zeroes it. */
function remembering() {
  const copies: Uint8Array[] = [];
  const give: Give = (length) => {
    const bytes = good(length);
    copies.push(bytes.slice());
    return bytes;
  };
  return { give, copies };
}

const refusing = (parts: readonly Part[]) => mixOf(parts, { timeoutMs: 20 });
const degrading = (parts: readonly Part[]) => mixOf(parts, { timeoutMs: 20, onFailure: 'degrade' });

suite('refuse', () => {
  for (const { name, key, make } of ROWS) {
    for (const [otherName, makeOther] of OTHERS) {
      test(`${name}: nothing is drawn, ${otherName} beside it notwithstanding, and all inputs are zeroed`, async () => {
        const parts = [await make(), await makeOther(good)];
        for (const ordered of [parts, parts.toReversed()]) {
          const error = await assertRefused(() => refusing(ordered)(LENGTH), key, /^source-\S+ broken\b/);
          assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
          assertAllZeroed(parts);
        }
      });
    }
  }
});

suite('degrade', () => {
  for (const { name, key, make } of ROWS) {
    for (const [otherName, makeOther] of OTHERS) {
      test(`${name}: ${otherName} gives the bytes, and the draw names who is left out`, async () => {
        const { give, copies } = remembering();
        const parts = [await make(), await makeOther(give)];
        for (const ordered of [parts, parts.toReversed()]) {
          const drawn = await degrading(ordered)(LENGTH);
          assert.deepEqual(drawn, { bytes: copies.at(-1), sources: ['other'], omitted: ['broken'] });
          assertAllZeroed(parts);
        }
      });
    }

    test(`${name} and is the only one: nothing is drawn`, async () => {
      const broken = await make();
      await assertRefused(() => degrading([broken])(LENGTH), key, /^source-\S+ broken\b/);
      assertAllZeroed([broken]);
    });
  }

  test('two of three sources are left out: the third gives the bytes', async () => {
    const { give, copies } = remembering();
    const parts = [testedLocal('a', failing), await testedRemote('b', zero), testedLocal('c', give)];
    assert.deepEqual(await degrading(parts)(LENGTH), { bytes: copies[0], sources: ['c'], omitted: ['b', 'a'] });
  });

  test('all of several sources fail: the first failure is the reason', async () => {
    const parts = [testedLocal('a', failing), await testedRemote('b', zero)];
    await assertRefused(() => degrading(parts)(LENGTH), 'entropy-unhealthy', /^source-\S+ b\b/);
  });

  test('nothing fails: all are in and nobody is left out', async () => {
    const [one, two] = [remembering(), remembering()];
    const drawn = await degrading([testedLocal('a', one.give), await testedRemote('b', two.give)])(LENGTH);
    const expected = one.copies[0]?.map((byte, index) => byte ^ (two.copies[0]?.[index] ?? 0));
    assert.deepEqual(drawn, { bytes: expected, sources: ['b', 'a'], omitted: [] });
  });
});

/** Two sources of which the second repeats what the first gave, at every draw. */
const PAIRS: readonly (readonly [name: string, make: (give: Give) => Promise<Part[]>])[] = [
  ['two local sources', async (give) => [testedLocal('a', give), testedLocal('b', give)]],
  ['a remote and a local source', async (give) => [await testedRemote('a', give), testedLocal('b', give)]],
  ['two remote sources', async (give) => [await testedRemote('a', give), await testedRemote('b', give)]],
];

for (const [mode, mixed] of Object.entries({ refuse: refusing, degrade: degrading })) {
  suite(`equal bytes under ${mode}`, () => {
    for (const [name, make] of PAIRS) {
      for (const length of [16, 17, 1024]) {
        test(`of ${name}, ${length} of them: nothing is drawn, and they are zeroed`, async () => {
          const bytes = good(length);
          const parts = [...(await make(() => bytes.slice())), testedLocal('c')];
          const reason = /^sources-equal$/;
          await assertRefused(() => mixed(parts)(length), 'entropy-unhealthy', reason);
          assertAllZeroed(parts);
        });
      }

      test(`of ${name}, 15 of them: drawn, for so few may be equal by chance`, async () => {
        const bytes = good(15);
        const drawn = await mixed(await make(() => bytes.slice()))(15);
        assert.deepEqual(drawn, { bytes: new Uint8Array(15), sources: ['a', 'b'], omitted: [] });
      });
    }
  });
}

test('two sources of one name, and none at all, are refused when the mix is made', () => {
  for (const parts of [[], [testedLocal('a'), testedLocal('a')]]) assert.throws(() => mixOf(parts), TypeError);
});
