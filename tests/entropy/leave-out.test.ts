import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FAILURES_IN_A_ROW, LEFT_OUT_RETEST_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { LEFT_OUT, RETEST_MS, readInVain, setUp, setUpLeftOut, TIMEOUT_MS } from './left-out-parts.ts';
import { settled } from './manual-time.ts';
import { assertRefused } from './refusals.ts';
import { good, mixOf, NEVER, testedLocal } from './scripted-sources.ts';

/** What is promised: a source is back so long after its recovery, whatever happens meanwhile. */
const BACK_MS = 15_000;

suite('a source that is silent', () => {
  test('is asked by eight draws at most before it is left out', () => assert.ok(FAILURES_IN_A_ROW <= 8));

  test(`is left out after ${FAILURES_IN_A_ROW} reads: the next ones are refused at once, and nobody asks it`, async () => {
    const { source, asked, events } = await setUpLeftOut();
    for (let count = 0; count < 5; count += 1) {
      await assertRefused(() => source.read(64, NEVER), 'backend-timeout', LEFT_OUT);
    }
    assert.equal(asked(), FAILURES_IN_A_ROW);
    assert.equal(source.isOpen(), false);
    assert.deepEqual(events, ['failing']);
  });

  test('is left out as soon by reads side by side, of which each counts', async () => {
    const { source, asked } = await setUp();
    const deadline = new AbortController();
    const reads = Array.from({ length: 20 }, () =>
      assertRefused(() => source.read(64, deadline.signal), 'backend-timeout'),
    );
    await settled();
    deadline.abort();
    await Promise.all(reads);
    await assertRefused(() => source.read(64, NEVER), 'backend-timeout', LEFT_OUT);
    assert.equal(asked(), 20);
  });

  test('is in again with the bytes of a read that began before', async () => {
    const { source, lastRead, events, time } = await setUp();
    const early = source.read(32, NEVER);
    const earlyRead = lastRead();
    for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain({ source });
    earlyRead.resolve(good(32));
    assert.equal((await early).length, 32);
    assert.equal(source.isOpen(), true);
    assert.deepEqual(events, ['failing', 'recovered']);
    assert.equal(time.waiting(), 0);
  });

  test('in a mix that degrades costs nothing, and is named', async () => {
    const { source } = await setUpLeftOut();
    const draw = mixOf([{ tested: source }, testedLocal('local')], { onFailure: 'degrade' });
    const { sources, omitted } = await draw(64);
    assert.deepEqual([sources, omitted], [['local'], ['remote']]);
  });

  test('in a mix that degrades and has no other source: nothing is drawn, and it is still a time-out', async () => {
    const { source, asked } = await setUpLeftOut();
    const before = asked();
    await assertRefused(() => mixOf([{ tested: source }], { onFailure: 'degrade' })(64), 'backend-timeout', LEFT_OUT);
    assert.equal(asked(), before);
  });
});

suite('the background test of a source that was left out', () => {
  test('reads 1024 bytes, uses none of them and needs no draw', async () => {
    const { source, time, lastRead, recover, events } = await setUpLeftOut();
    recover();
    await time.pass(LEFT_OUT_RETEST_MS);
    assert.equal(lastRead().length, START_UP_BYTES);
    assert.ok((await lastRead().promise).every((byte) => byte === 0));
    assert.equal(source.isOpen(), true);
    assert.deepEqual(events, ['failing', 'recovered']);
    assert.equal((await source.read(64, NEVER)).length, 64);
    assert.equal(time.waiting(), 0);
  });

  for (const timeoutMs of [50, TIMEOUT_MS, 60_000]) {
    test(`comes at least every 10 seconds, with an ENTROPY_TIMEOUT_MS of ${timeoutMs}`, async () => {
      const { source, time, asked, events } = await setUpLeftOut(timeoutMs);
      const before = asked();
      await time.pass(60_000);
      assert.ok(asked() - before >= 60_000 / RETEST_MS, `${asked() - before} tests in a minute`);
      assert.equal(asked() - before, 60_000 / LEFT_OUT_RETEST_MS);
      assert.equal(source.isOpen(), false);
      assert.deepEqual(events, ['failing']);
    });
  }

  for (let beforeMs = 0; beforeMs < 2 * LEFT_OUT_RETEST_MS; beforeMs += 500) {
    test(`brings a source back in 15 seconds that recovers ${beforeMs} ms after it was left out`, async () => {
      const { source, time, recover } = await setUpLeftOut();
      await time.pass(beforeMs);
      recover();
      await time.pass(BACK_MS);
      assert.equal(source.isOpen(), true);
    });
  }

  test('never holds a draw up: while it waits, reads are refused at once', async () => {
    const { source, time, asked } = await setUpLeftOut();
    await time.pass(LEFT_OUT_RETEST_MS + TIMEOUT_MS / 2);
    const before = asked();
    await assertRefused(() => source.read(64, NEVER), 'backend-timeout', LEFT_OUT);
    assert.equal(asked(), before);
  });

  test('leaves one timer, however often the source falls silent and comes back', async () => {
    const parts = await setUpLeftOut();
    const { source, time, recover, fallSilent, events } = parts;
    for (let round = 1; round <= 4; round += 1) {
      recover();
      await time.pass(BACK_MS);
      assert.deepEqual([source.isOpen(), time.waiting()], [true, 0]);
      fallSilent();
      for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain(parts);
      assert.equal(time.waiting(), 1);
      assert.equal(events.length, 2 * round + 1);
    }
  });

  test('that ends after the source came back and fell silent anew leaves one timer too', async () => {
    const parts = await setUp();
    const { source, time, lastRead } = parts;
    const early = source.read(32, NEVER);
    const earlyRead = lastRead();
    for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain(parts);
    await time.pass(LEFT_OUT_RETEST_MS);
    earlyRead.resolve(good(32));
    await early;
    for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain(parts);
    await time.pass(TIMEOUT_MS);
    assert.equal(time.waiting(), 1);
  });
});
