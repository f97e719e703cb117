import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import {
  failing,
  type Give,
  good,
  heldRemote,
  isZeroed,
  NEVER,
  openHeld,
  scriptedRemote,
  settle,
  stuck,
  watch,
} from './scripted-sources.ts';

const UNHEALTHY = /^source-unhealthy remote$/;

/** A source that has been warmed up, well or not. */
async function setUp(first: Give = good) {
  const { give, source, given } = scriptedRemote('remote', first);
  const observed = watch();
  const tested = testRemote(source, observed);
  await tested.warmUp(NEVER);
  return { give, given, lengths: () => given.map((bytes) => bytes.length), ...observed, tested };
}

suite('the warm-up', () => {
  test('is the start-up test, and the first read is one read', async () => {
    const { given, lengths, tested } = await setUp();
    await tested.read(64, NEVER);
    assert.deepEqual(lengths(), [START_UP_BYTES, 64]);
    assert.ok(isZeroed(given[0] ?? Uint8Array.of(1)));
  });

  const FAILING: readonly (readonly [name: string, give: Give, events: readonly string[]])[] = [
    ['throws', failing, []],
    ['is stuck', stuck, ['remote closed']],
    ['is short', (length) => good(length - 1), []],
  ];
  for (const [name, give, expected] of FAILING) {
    test(`of a source that ${name} does not reject`, async () => {
      const { tested, events } = await setUp(give);
      assert.equal(tested.isOpen(), false);
      assert.deepEqual(events, expected);
    });
  }

  test('of a source that throws at once, without a promise, does not reject', async () => {
    const tested = testRemote({ kind: 'remote', name: 'remote', read: () => failing(0) as never }, watch());
    assert.equal(await tested.warmUp(NEVER), undefined);
  });

  test('that failed is made up for by the first read', async () => {
    const { give, lengths, tested } = await setUp(failing);
    give(good);
    assert.equal((await tested.read(64, NEVER)).length, 64);
    assert.deepEqual(lengths(), [START_UP_BYTES, 64]);
  });

  test('hands its signal on, and so does a read', async () => {
    const { source, reads, answer } = heldRemote();
    const tested = testRemote(source, watch());
    const [first, second] = [new AbortController(), new AbortController()];
    const warm = tested.warmUp(first.signal);
    const read = tested.read(64, second.signal);
    assert.deepEqual(
      reads.map(({ signal }) => signal),
      [first.signal, second.signal],
    );
    for (const index of [0, 1]) answer(index, good(START_UP_BYTES));
    await warm;
    await settle();
    assert.equal(reads[2]?.signal, second.signal);
    answer(2, good(64));
    await read;
  });
});

test('a source that is stuck is closed, opens by a passed re-test after the pause, and closes again', async () => {
  const { tested, given, events, give, passPause } = await setUp();
  for (let count = 0; count < 2; count += 1) {
    give(stuck);
    await assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
    assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
    give(good);
    const asked = given.length;
    await assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
    assert.equal(given.length, asked);
    passPause();
    assert.equal((await tested.read(64, NEVER)).length, 64);
  }
  const each = ['remote closed', 'remote reopened'];
  assert.deepEqual(events, [...each, ...each]);
});

test('an error of the source that is ours passes through; another one is 502 without its words', async () => {
  const { tested, give } = await setUp();
  const own = new ServiceError('throttled', { reason: 'source-throttled' });
  give(() => {
    throw own;
  });
  assert.equal(await assertRefused(() => tested.read(64, NEVER), 'throttled'), own);
  give(failing);
  const error = await assertRefused(() => tested.read(64, NEVER), 'backend-unavailable');
  assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
});

suite('two reads at once', () => {
  const isRefused = (read: Promise<Uint8Array>) => assertRefused(() => read, 'entropy-unhealthy', UNHEALTHY);

  test('of an open source are two reads, each with its own bytes', async () => {
    const { tested, answer } = await openHeld();
    const [first, second] = [tested.read(64, NEVER), tested.read(32, NEVER)];
    const late = answer(2, good(32));
    const early = answer(1, good(64));
    assert.deepEqual([await first, await second], [early, late]);
  });

  test('of a source that the first of them closes: the bytes of the other are zeroed and do not leave', async () => {
    const { tested, events, answer } = await openHeld();
    const refusals = [isRefused(tested.read(64, NEVER)), isRefused(tested.read(64, NEVER))];
    answer(1, stuck(64));
    await settle();
    const innocent = answer(2, good(64));
    await Promise.all(refusals);
    assert.ok(isZeroed(innocent));
    assert.deepEqual(events, ['remote closed']);
    assert.equal(tested.isOpen(), false);
  });

  test('the bytes of a read that began before the source was closed do not leave after it opened again', async () => {
    const { tested, answer, passPause } = await openHeld();
    const refusals = [isRefused(tested.read(64, NEVER)), isRefused(tested.read(64, NEVER))];
    answer(2, stuck(64));
    await settle();
    passPause();
    const next = tested.read(64, NEVER);
    answer(3, good(START_UP_BYTES));
    await settle();
    answer(4, good(64));
    await next;
    const innocent = answer(1, good(64));
    await Promise.all(refusals);
    assert.ok(isZeroed(innocent));
    assert.equal(tested.isOpen(), true);
  });

  test('of a closed source after the pause make one re-test; the other one is refused at once', async () => {
    const { tested, answer, reads, passPause, events } = await openHeld();
    const broken = isRefused(tested.read(64, NEVER));
    answer(1, stuck(64));
    await broken;
    passPause();
    const tester = tested.read(64, NEVER);
    for (let count = 0; count < 5; count += 1) await isRefused(tested.read(64, NEVER));
    assert.equal(reads.length, 3);
    answer(2, good(START_UP_BYTES));
    await settle();
    answer(3, good(64));
    assert.equal((await tester).length, 64);
    assert.deepEqual(events, ['remote closed', 'remote reopened']);
  });

  test('of an untested source: the one whose test fails closes it, and the test of the other opens nothing', async () => {
    const { source, answer } = heldRemote();
    const { events, ...options } = watch();
    const tested = testRemote(source, options);
    const warm = tested.warmUp(NEVER);
    const refused = isRefused(tested.read(64, NEVER));
    answer(0, stuck(START_UP_BYTES));
    await warm;
    const innocent = answer(1, good(START_UP_BYTES));
    await refused;
    assert.ok(isZeroed(innocent));
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['remote closed']);
  });

  test('of an untested source that is good: both pass, and what the first counted is not forgotten', async () => {
    const { source, answer } = heldRemote();
    const tested = testRemote(source, watch());
    const warm = tested.warmUp(NEVER);
    const slow = isRefused(tested.read(1, NEVER));
    answer(0, good(START_UP_BYTES));
    await warm;
    const beginning = Uint8Array.from([...good(15), 0x77]);
    const first = tested.read(64, NEVER);
    answer(2, Uint8Array.from([...beginning, ...good(48)]));
    await first;
    // The late test begins with the very block with which the read before it began.
    answer(1, Uint8Array.from([...beginning, ...good(START_UP_BYTES - 16)]));
    await slow;
  });
});
