import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { HEALTH_RETEST_PAUSE_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, isZeroed, scriptedLocal, watch } from './scripted-sources.ts';

const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);
const UNHEALTHY = /^source-unhealthy local$/;

function fail(): never {
  throw new Error('private-words');
}

suite('a closed source', () => {
  function setUpClosed() {
    const script = scriptedLocal();
    const observed = watch();
    const all = { ...script, ...observed, tested: testLocal(script.source, observed) };
    all.give(stuck);
    assert.throws(() => all.tested.read(64));
    return all;
  }

  test('is not asked before the pause is over, good again or not', async () => {
    const { tested, given, pass, ...script } = setUpClosed();
    script.give(good);
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
    const { tested, given, events, passPause, ...script } = setUpClosed();
    script.give(good);
    passPause();
    tested.read(64);
    assert.equal(tested.isOpen(), true);
    assert.deepEqual(events, ['local closed', 'local reopened']);
    assert.deepEqual(
      given.slice(-2).map((bytes) => bytes.length),
      [START_UP_BYTES, 64],
    );
    assert.ok(isZeroed(given.at(-2) ?? Uint8Array.of(1)));
  });

  test('stays closed after a failed re-test, for another pause, and is not told of twice', async () => {
    const { tested, given, events, pass, passPause, ...script } = setUpClosed();
    passPause();
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    const asked = given.length;
    script.give(good);
    pass(HEALTH_RETEST_PAUSE_MS - 1);
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    assert.equal(given.length, asked);
    assert.deepEqual(events, ['local closed']);
  });

  test('stays closed after a re-test that could not be made, for another pause', async () => {
    const { tested, given, passPause, ...script } = setUpClosed();
    script.give(fail);
    passPause();
    await assertRefused(() => tested.read(64), 'backend-unavailable', /^source-failed local$/);
    script.give(good);
    const asked = given.length;
    await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    assert.equal(given.length, asked);
    passPause();
    assert.equal(tested.read(64).length, 64);
  });

  test('that was opened again closes again: the alarms still fire after a reset', async () => {
    const { tested, events, passPause, ...script } = setUpClosed();
    for (let count = 0; count < 3; count += 1) {
      script.give(good);
      passPause();
      tested.read(64);
      script.give(stuck);
      await assertRefused(() => tested.read(64), 'entropy-unhealthy', UNHEALTHY);
    }
    const again = Array.from({ length: 3 }, () => ['local reopened', 'local closed']).flat();
    assert.deepEqual(events, ['local closed', ...again]);
  });
});
