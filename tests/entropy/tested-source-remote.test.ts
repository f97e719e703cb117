import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, heldRemote, isZeroed, NEVER, scriptedRemote, watch } from './scripted-sources.ts';

const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
const UNHEALTHY = /^source-unhealthy remote$/;

async function setUp() {
  const script = scriptedRemote();
  const observed = watch();
  const tested = testRemote(script.source, observed);
  await tested.warmUp(NEVER);
  return { ...script, ...observed, tested };
}

/** Lets everything go on that does not wait for an answer. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

suite('the warm-up', () => {
  test('is the start-up test, and the first read is one read', async () => {
    const { given, tested } = await setUp();
    await tested.read(64, NEVER);
    assert.deepEqual(
      given.map((bytes) => bytes.length),
      [START_UP_BYTES, 64],
    );
    assert.ok(isZeroed(given[0] ?? Uint8Array.of(1)));
  });

  const FAILING: readonly (readonly [name: string, give: Give, isClosed: boolean])[] = [
    ['throws', fail, false],
    ['is stuck', stuck, true],
    ['is short', (length) => good(length - 1), false],
  ];
  for (const [name, give, isClosed] of FAILING) {
    test(`of a source that ${name} does not reject`, async () => {
      const script = scriptedRemote('remote', give);
      const { events, ...options } = watch();
      const tested = testRemote(script.source, options);
      assert.equal(await tested.warmUp(NEVER), undefined);
      assert.equal(tested.isOpen(), false);
      assert.deepEqual(events, isClosed ? ['remote closed'] : []);
    });
  }

  test('of a source that throws at once, without a promise, does not reject', async () => {
    const tested = testRemote({ kind: 'remote', name: 'remote', read: fail }, watch());
    assert.equal(await tested.warmUp(NEVER), undefined);
  });

  test('that failed is made up for by the first read', async () => {
    const { give, source, given } = scriptedRemote('remote', fail);
    const tested = testRemote(source, watch());
    await tested.warmUp(NEVER);
    give(good);
    assert.equal((await tested.read(64, NEVER)).length, 64);
    assert.deepEqual(
      given.map((bytes) => bytes.length),
      [START_UP_BYTES, 64],
    );
  });

  test('hands its signal on, and so does a read', async () => {
    const { source, reads } = heldRemote();
    const tested = testRemote(source, watch());
    const [first, second] = [new AbortController(), new AbortController()];
    const warm = tested.warmUp(first.signal);
    const read = tested.read(64, second.signal);
    assert.deepEqual(
      reads.map(({ signal }) => signal),
      [first.signal, second.signal],
    );
    for (const held of reads) held.resolve(good(START_UP_BYTES));
    await warm;
    await settle();
    assert.equal(reads[2]?.signal, second.signal);
    reads[2]?.resolve(good(64));
    await read;
  });
});

function fail(): never {
  throw new Error('private-words');
}

test('a source that is stuck is closed; its bytes are zeroed and do not leave', async () => {
  const { tested, given, events, give } = await setUp();
  give(stuck);
  await assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
  assert.deepEqual(events, ['remote closed']);
  assert.ok(isZeroed(given.at(-1) ?? Uint8Array.of(1)));
});

test('a closed source opens by a passed re-test after the pause, and closes again', async () => {
  const { tested, given, events, give, passPause } = await setUp();
  for (let count = 0; count < 2; count += 1) {
    give(stuck);
    await assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
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
  give(fail);
  const error = await assertRefused(() => tested.read(64, NEVER), 'backend-unavailable');
  assert.doesNotMatch(`${error.message} ${error.reason} ${error.detail}`, /private/);
});
