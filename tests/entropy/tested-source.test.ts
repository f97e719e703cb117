import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { bytesWith } from './byte-streams.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, isZeroed, scriptedLocal, watch } from './scripted-sources.ts';

const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
const UNHEALTHY = /^source-unhealthy local$/;

function setUp(first: Give = good) {
  const script = scriptedLocal('local', first);
  const observed = watch();
  return { ...script, ...observed, tested: testLocal(script.source, observed) };
}

suite('the start-up test', () => {
  test('reads 1024 bytes, uses none of them and opens the source', () => {
    const { given, tested, events } = setUp();
    assert.deepEqual(
      given.map((bytes) => bytes.length),
      [START_UP_BYTES],
    );
    assert.ok(given.every(isZeroed));
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, []);
  });

  test('is made once: open, a read is one read of the source', () => {
    const { given, tested } = setUp();
    tested.read(8);
    tested.read(1024);
    assert.deepEqual(
      given.map((bytes) => bytes.length),
      [START_UP_BYTES, 8, 1024],
    );
  });

  test('does not pass a source that is broken from the beginning', async () => {
    const { given, tested, events } = setUp(stuck);
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['local closed']);
    assert.ok(given.every(isZeroed));
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
  });

  test('that could not be made is made by the first read', () => {
    let isThere = false;
    const { given, tested, events } = setUp((length) => (isThere ? good(length) : fail()));
    assert.equal(tested.isOpen(), false);
    isThere = true;
    assert.equal(tested.read(16).length, 16);
    assert.deepEqual(
      given.map((bytes) => bytes.length),
      [START_UP_BYTES, 16],
    );
    assert.deepEqual(events, []);
  });
});

function fail(): never {
  throw new Error('private-words');
}

const FAULTS: readonly (readonly [name: string, give: Give])[] = [
  ['stuck', stuck],
  ['all zero', (length) => new Uint8Array(length)],
  ['a run of 9', () => bytesWith(0xaa, [3, 4, 5, 6, 7, 8, 9, 10, 11], 64)],
];

for (const [name, give] of FAULTS) {
  test(`a source that is ${name} is closed; its bytes are zeroed and do not leave`, async () => {
    const { tested, events, given, ...script } = setUp();
    script.give(give);
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['local closed']);
    assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
  });
}

test('a read replayed by the next one closes the source', async () => {
  const { tested, ...script } = setUp();
  const bytes = nodeCryptoSource.read(64);
  script.give(() => bytes.slice());
  assert.deepEqual(tested.read(64), bytes);
  await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
});

test('single bytes that stick are caught across reads', async () => {
  const { tested, events, ...script } = setUp();
  script.give((length) => new Uint8Array(length).fill(0xee));
  for (let count = 0; count < 8; count += 1) tested.read(1);
  await assertRefused(() => tested.read(1), 'entropy-unhealthy', UNHEALTHY);
  assert.deepEqual(events, ['local warned', 'local closed']);
});

test('a warning is told, and the bytes are good for use', () => {
  const { tested, events, ...script } = setUp();
  const bytes = bytesWith(0xaa, [3, 4, 5, 6, 7], 64);
  script.give(() => bytes.slice());
  assert.deepEqual(tested.read(64), bytes);
  assert.deepEqual(events, ['local warned']);
  assert.equal(tested.isOpen(), true);
});

const LENGTHS: readonly (readonly [name: string, give: Give])[] = [
  ['nothing', () => new Uint8Array()],
  ['one byte too few', (length) => good(length - 1)],
  ['one byte too many', (length) => good(length + 1)],
  ['an array that lies about its length', (length) => Object.defineProperty(good(8), 'length', { value: length })],
];
for (const [name, give] of LENGTHS) {
  test(`a source that gives ${name} is unavailable and not closed`, async () => {
    const { tested, given, events, ...script } = setUp();
    script.give(give);
    await assertRefused(() => tested.read(64), 'backend-unavailable', /^source-bad-answer local: a wrong length$/);
    assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, []);
    script.give(good);
    assert.equal(tested.read(64).length, 64);
  });
}

test('a source that throws is unavailable and not closed, and its words do not leave', async () => {
  const { tested, events, ...script } = setUp();
  script.give(fail);
  const error = await assertRefused(() => tested.read(64), 'backend-unavailable', /^source-failed local$/);
  assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
  assert.equal(tested.isOpen(), true);
  assert.deepEqual(events, []);
});

test('what a source gives passes through as it is', () => {
  const { tested, given } = setUp();
  assert.equal(tested.read(64), given.at(-1));
});

test('the source keeps its name and its kind', () => {
  const { name, kind } = setUp().tested;
  assert.deepEqual([name, kind], ['local', 'local']);
});
