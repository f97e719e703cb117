import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import { createRemoteSource } from '../../lib/entropy/remote-source.ts';
import { type TestedLocal, type TestedRemote, testRemote } from '../../lib/entropy/tested-source.ts';
import type { ErrorKey } from '../../lib/errors.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, isZeroed, NEVER, testedLocal, testedRemote, watch } from './scripted-sources.ts';

const LENGTH = 64;
const DEADLINE_MS = 40;

/** A source of a test: what the mix takes, and the arrays that it gave to it. */
interface Part {
  readonly tested: TestedLocal | TestedRemote;
  readonly given: () => readonly Uint8Array[];
}

type OnFailure = MixOptions['onFailure'];

function mixOf(parts: readonly Part[], onFailure: OnFailure) {
  return createMix({ sources: parts.map(({ tested }) => tested), onFailure, timeoutMs: DEADLINE_MS });
}

/** Every way in which one source fails by itself; `remote` alone is late, for a local read takes as long as it takes. */
const FAILURES: readonly (readonly [name: string, give: Give, key: ErrorKey])[] = [
  ['stuck', (length) => new Uint8Array(length).fill(0x5a), 'entropy-unhealthy'],
  ['zero', (length) => new Uint8Array(length), 'entropy-unhealthy'],
  ['short', (length) => good(length - 1), 'backend-unavailable'],
  ['long', (length) => good(length + 1), 'backend-unavailable'],
  ['empty', () => new Uint8Array(), 'backend-unavailable'],
  [
    'lying about its length',
    (length) => Object.defineProperty(good(8), 'length', { value: length }),
    'backend-unavailable',
  ],
  ['throwing', () => fail(new Error('private-words')), 'backend-unavailable'],
  ['throwing something that is no error', () => fail('private-words'), 'backend-unavailable'],
];

function fail(cause: unknown): never {
  throw cause;
}

/** A remote source that passes its start-up test and then never answers; it hears of the deadline, or is deaf to it. */
async function slowRemote(isDeaf: boolean): Promise<Part> {
  let isSlow = false;
  const source = createRemoteSource({
    name: 'broken',
    pauseMs: () => 1,
    attempt: async (length, signal) => {
      if (!isSlow) return good(length);
      await new Promise<void>((resolve) => {
        if (!isDeaf) signal.addEventListener('abort', () => resolve(), { once: true });
      });
      return good(length);
    },
  });
  const tested = testRemote(source, watch());
  await tested.warmUp(NEVER);
  isSlow = true;
  return { tested, given: () => [] };
}

interface Row {
  readonly name: string;
  readonly key: ErrorKey;
  readonly make: () => Promise<Part>;
}

const ROWS: readonly Row[] = [
  ...FAILURES.map(([name, give, key]) => ({
    name: `local source is ${name}`,
    key,
    make: async () => testedLocal('broken', give),
  })),
  ...FAILURES.map(([name, give, key]) => ({
    name: `remote source is ${name}`,
    key,
    make: () => testedRemote('broken', give),
  })),
  { name: 'remote source is slow', key: 'backend-timeout', make: () => slowRemote(false) },
  { name: 'remote source is slow and deaf', key: 'backend-timeout', make: () => slowRemote(true) },
];

const OTHERS: readonly (readonly [name: string, make: (give: Give) => Promise<Part>])[] = [
  ['a local one', async (give) => testedLocal('other', give)],
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

function assertAllZeroed(parts: readonly Part[]): void {
  for (const { given } of parts) {
    for (const bytes of given()) assert.ok(isZeroed(bytes));
  }
}

suite('refuse', () => {
  for (const { name, key, make } of ROWS) {
    for (const [otherName, makeOther] of OTHERS) {
      test(`${name}: nothing is drawn, ${otherName} beside it notwithstanding, and all inputs are zeroed`, async () => {
        const parts = [await make(), await makeOther(good)];
        for (const ordered of [parts, parts.toReversed()]) {
          const error = await assertRefused(() => mixOf(ordered, 'refuse')(LENGTH), key, /^source-\S+ broken\b/);
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
          const drawn = await mixOf(ordered, 'degrade')(LENGTH);
          assert.deepEqual(drawn, { bytes: copies.at(-1), sources: ['other'], omitted: ['broken'] });
          assertAllZeroed(parts);
        }
      });
    }

    test(`${name} and is the only one: nothing is drawn`, async () => {
      const broken = await make();
      await assertRefused(() => mixOf([broken], 'degrade')(LENGTH), key, /^source-\S+ broken\b/);
      assertAllZeroed([broken]);
    });
  }

  test('two of three sources are left out: the third gives the bytes', async () => {
    const { give, copies } = remembering();
    const parts = [
      testedLocal('a', () => fail(new Error())),
      await testedRemote('b', (length) => new Uint8Array(length)),
      testedLocal('c', give),
    ];
    const drawn = await mixOf(parts, 'degrade')(LENGTH);
    assert.deepEqual(drawn, { bytes: copies[0], sources: ['c'], omitted: ['b', 'a'] });
  });

  test('all of several sources fail: the first failure is the reason', async () => {
    const parts = [
      testedLocal('a', () => fail(new Error())),
      await testedRemote('b', (length) => new Uint8Array(length)),
    ];
    await assertRefused(() => mixOf(parts, 'degrade')(LENGTH), 'entropy-unhealthy', /^source-\S+ b\b/);
  });

  test('nothing fails: all are in and nobody is left out', async () => {
    const [one, two] = [remembering(), remembering()];
    const drawn = await mixOf([testedLocal('a', one.give), await testedRemote('b', two.give)], 'degrade')(LENGTH);
    const expected = one.copies[0]?.map((byte, index) => byte ^ (two.copies[0]?.[index] ?? 0));
    assert.deepEqual(drawn, { bytes: expected, sources: ['b', 'a'], omitted: [] });
  });
});

test('two sources of one name are refused when the mix is made', () => {
  const parts = [testedLocal('a', good), testedLocal('a', good)];
  assert.throws(() => mixOf(parts, 'refuse'), TypeError);
});

test('a source that gives a Buffer is mixed as any other, and its bytes are zeroed', async () => {
  const { give, copies } = remembering();
  const alone = testedLocal('a', (length) => Buffer.from(give(length)));
  const { bytes } = await mixOf([alone], 'refuse')(LENGTH);
  assert.deepEqual(bytes, copies[0]);
  assertAllZeroed([alone]);
});
