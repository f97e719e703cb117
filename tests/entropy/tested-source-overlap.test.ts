import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, heldRemote, isZeroed, NEVER, watch } from './scripted-sources.ts';

const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
const UNHEALTHY = /^source-unhealthy remote$/;

/** An open source whose reads are answered by hand; the first two are those of its start. */
async function setUpHeld() {
  const { source, reads } = heldRemote();
  const observed = watch();
  const tested = testRemote(source, observed);
  const warm = tested.warmUp(NEVER);
  reads[0]?.resolve(good(START_UP_BYTES));
  await warm;
  assert.equal(tested.isOpen(), true);
  return { ...observed, tested, answer: (index: number, bytes: Uint8Array) => answer(reads[index], bytes), reads };
}

function answer(read: { resolve(bytes: Uint8Array): void } | undefined, bytes: Uint8Array): Uint8Array {
  assert.ok(read !== undefined, 'there is no such read');
  read.resolve(bytes);
  return bytes;
}

/** Lets everything go on that does not wait for an answer. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

suite('two reads at once', () => {
  test('of an open source are two reads, each with its own bytes', async () => {
    const { tested, answer: reply } = await setUpHeld();
    const [first, second] = [tested.read(64, NEVER), tested.read(32, NEVER)];
    const late = reply(2, good(32));
    const early = reply(1, good(64));
    assert.deepEqual([await first, await second], [early, late]);
  });

  test('of a source that the first of them closes: the bytes of the other are zeroed and do not leave', async () => {
    const { tested, events, answer: reply } = await setUpHeld();
    const [first, second] = [tested.read(64, NEVER), tested.read(64, NEVER)];
    const refusals = [first, second].map((read) => assertRefused(() => read, 'entropy-unhealthy', UNHEALTHY));
    reply(1, stuck(64));
    await settle();
    const innocent = reply(2, good(64));
    await Promise.all(refusals);
    assert.ok(isZeroed(innocent));
    assert.deepEqual(events, ['remote closed']);
    assert.equal(tested.isOpen(), false);
  });

  test('the bytes of a read that began before the source was closed do not leave after it opened again', async () => {
    const { tested, answer: reply, passPause } = await setUpHeld();
    const [old, broken] = [tested.read(64, NEVER), tested.read(64, NEVER)];
    const refusals = [old, broken].map((read) => assertRefused(() => read, 'entropy-unhealthy', UNHEALTHY));
    reply(2, stuck(64));
    await settle();
    passPause();
    const next = tested.read(64, NEVER);
    reply(3, good(START_UP_BYTES));
    await settle();
    reply(4, good(64));
    await next;
    const innocent = reply(1, good(64));
    await Promise.all(refusals);
    assert.ok(isZeroed(innocent));
    assert.equal(tested.isOpen(), true);
  });

  test('of a closed source after the pause make one re-test; the other one is refused at once', async () => {
    const { tested, answer: reply, reads, passPause, events } = await setUpHeld();
    const broken = assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
    reply(1, stuck(64));
    await broken;
    passPause();
    const tester = tested.read(64, NEVER);
    for (let count = 0; count < 5; count += 1) {
      await assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
    }
    assert.equal(reads.length, 3);
    reply(2, good(START_UP_BYTES));
    await settle();
    reply(3, good(64));
    assert.equal((await tester).length, 64);
    assert.deepEqual(events, ['remote closed', 'remote reopened']);
  });

  test('of an untested source: the one whose test fails closes it, and the test of the other opens nothing', async () => {
    const { source, reads } = heldRemote();
    const { events, ...options } = watch();
    const tested = testRemote(source, options);
    const warm = tested.warmUp(NEVER);
    const refused = assertRefused(() => tested.read(64, NEVER), 'entropy-unhealthy', UNHEALTHY);
    answer(reads[0], stuck(START_UP_BYTES));
    await warm;
    const innocent = answer(reads[1], good(START_UP_BYTES));
    await refused;
    assert.ok(isZeroed(innocent));
    assert.equal(tested.isOpen(), false);
    assert.deepEqual(events, ['remote closed']);
  });

  test('of an untested source that is good: both pass, and what the first counted is not forgotten', async () => {
    const { source, reads } = heldRemote();
    const tested = testRemote(source, watch());
    const warm = tested.warmUp(NEVER);
    const slow = tested.read(1, NEVER);
    answer(reads[0], good(START_UP_BYTES));
    await warm;
    const beginning = Uint8Array.from([...good(15), 0x77]);
    const bytes = Uint8Array.from([...beginning, ...good(48)]);
    const first = tested.read(64, NEVER);
    answer(reads[2], bytes.slice());
    await first;
    // The late test begins with the very block with which the read before it began.
    const refused = assertRefused(() => slow, 'entropy-unhealthy', UNHEALTHY);
    answer(reads[1], Uint8Array.from([...beginning, ...good(START_UP_BYTES - 16)]));
    await refused;
  });
});
