import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { HEALTH_RETEST_PAUSE_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { bytesWith } from './byte-streams.ts';
import { assertRefused } from './refusals.ts';
import { failing, type Give, good, isZeroed, scriptedLocal, stuck, watch } from './scripted-sources.ts';

const UNHEALTHY = /^source-unhealthy local$/;

function setUp(first: Give = good) {
  const { give, source, given } = scriptedLocal('local', first);
  const observed = watch();
  const lengths = () => given.map((bytes) => bytes.length);
  return { give, given, lengths, ...observed, tested: testLocal(source, observed) };
}

suite('the start-up test', () => {
  test('reads 1024 bytes, uses none of them and opens the source', () => {
    const { given, lengths, tested, events } = setUp();
    assert.deepEqual(lengths(), [START_UP_BYTES]);
    assert.ok(given.every(isZeroed));
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, []);
  });

  test('is made once: open, a read is one read of the source, whose bytes pass through as they are', () => {
    const { given, lengths, tested } = setUp();
    assert.equal(tested.read(8), given.at(-1));
    tested.read(1024);
    assert.deepEqual(lengths(), [START_UP_BYTES, 8, 1024]);
  });

  test('does not pass a source that is broken from the beginning', async () => {
    const { given, tested, events } = setUp(stuck);
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['local closed']);
    assert.ok(given.every(isZeroed));
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
  });

  test('that could not be made is made by the first read', () => {
    const { give, lengths, tested, events } = setUp(failing);
    assert.equal(tested.isOpen(), false);
    give(good);
    assert.equal(tested.read(16).length, 16);
    assert.deepEqual(lengths(), [START_UP_BYTES, 16]);
    assert.deepEqual(events, []);
  });
});

const FAULTS: readonly (readonly [name: string, give: Give])[] = [
  ['stuck', stuck],
  ['all zero', (length) => new Uint8Array(length)],
  ['a run of 9', () => bytesWith(0xaa, [3, 4, 5, 6, 7, 8, 9, 10, 11], 64)],
];

for (const [name, broken] of FAULTS) {
  test(`a source that is ${name} is closed; its bytes are zeroed and do not leave`, async () => {
    const { tested, events, given, give } = setUp();
    give(broken);
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['local closed']);
    assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
  });
}

test('a read replayed by the next one closes the source', async () => {
  const { tested, give } = setUp();
  const bytes = good(64);
  give(() => bytes.slice());
  assert.deepEqual(tested.read(64), bytes);
  await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
});

test('single bytes that stick are caught across reads', async () => {
  const { tested, events, give } = setUp();
  give((length) => new Uint8Array(length).fill(0xee));
  for (let count = 0; count < 8; count += 1) tested.read(1);
  await assertRefused(() => tested.read(1), 'entropy-unhealthy', UNHEALTHY);
  assert.deepEqual(events, ['local warned', 'local closed']);
});

test('a warning is told, and the bytes are good for use', () => {
  const { tested, events, give } = setUp();
  const bytes = bytesWith(0xaa, [3, 4, 5, 6, 7], 64);
  give(() => bytes.slice());
  assert.deepEqual(tested.read(64), bytes);
  assert.deepEqual(events, ['local warned']);
  assert.equal(tested.isOpen(), true);
});

const WRONG = /^source-bad-answer local: a wrong length$/;
const UNAVAILABLE: readonly (readonly [name: string, give: Give, reason: RegExp])[] = [
  ['gives nothing', () => new Uint8Array(), WRONG],
  ['gives one byte too few', (length) => good(length - 1), WRONG],
  ['gives one byte too many', (length) => good(length + 1), WRONG],
  ['lies about its length', (length) => Object.defineProperty(good(8), 'length', { value: length }), WRONG],
  ['throws', failing, /^source-failed local$/],
];
for (const [name, broken, reason] of UNAVAILABLE) {
  test(`a source that ${name} is unavailable and not closed`, async () => {
    const { tested, given, events, give } = setUp();
    give(broken);
    const error = await assertRefused(() => tested.read(64), 'backend-unavailable', reason);
    assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
    assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, []);
    give(good);
    assert.equal(tested.read(64).length, 64);
  });
}

test('what a source throws is kept as the cause, and its name and kind are kept', async () => {
  const cause = new Error('scripted');
  const { tested, give } = setUp();
  give(() => {
    throw cause;
  });
  assert.equal((await assertRefused(() => tested.read(64), 'backend-unavailable')).cause, cause);
  assert.deepEqual([tested.name, tested.kind], ['local', 'local']);
});

suite('a closed source', () => {
  function setUpClosed() {
    const all = setUp();
    all.give(stuck);
    assert.throws(() => all.tested.read(64));
    return all;
  }

  test('is not asked before the pause is over, good again or not', async () => {
    const { tested, given, pass, give } = setUpClosed();
    give(good);
    const asked = given.length;
    for (const step of [0, 1, HEALTH_RETEST_PAUSE_MS - 2]) {
      pass(step);
      await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    }
    assert.equal(given.length, asked);
    pass(1);
    assert.equal(tested.read(64).length, 64);
  });

  test('is opened by a passed re-test of 1024 bytes, and the operator is told', () => {
    const { tested, given, lengths, events, passPause, give } = setUpClosed();
    give(good);
    passPause();
    tested.read(64);
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, ['local closed', 'local reopened']);
    assert.deepEqual(lengths().slice(-2), [START_UP_BYTES, 64]);
    assert.ok(isZeroed(given.at(-2) ?? Uint8Array.of(1)));
  });

  for (const [name, broken, key] of [
    ['failed', stuck, 'entropy-unhealthy'],
    ['could not be made', failing, 'backend-unavailable'],
  ] as const) {
    test(`stays closed after a re-test that ${name}, for another pause, and is not told of twice`, async () => {
      const { tested, given, events, pass, passPause, give } = setUpClosed();
      give(broken);
      passPause();
      await assertRefused(() => tested.read(64), key);
      const asked = given.length;
      give(good);
      pass(HEALTH_RETEST_PAUSE_MS - 1);
      await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
      assert.equal(given.length, asked);
      assert.deepEqual(events, ['local closed']);
      pass(1);
      assert.equal(tested.read(64).length, 64);
    });
  }

  test('that was opened again closes again: the alarms still fire after a reset', async () => {
    const { tested, events, passPause, give } = setUpClosed();
    for (let count = 0; count < 3; count += 1) {
      give(good);
      passPause();
      tested.read(64);
      give(stuck);
      await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    }
    const again = Array.from({ length: 3 }, () => ['local reopened', 'local closed']).flat();
    assert.deepEqual(events, ['local closed', ...again]);
  });
});
