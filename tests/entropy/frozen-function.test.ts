import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FROZEN_AFTER_MS, LEFT_OUT_RETEST_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { LEFT_OUT, RETEST_MS, type setUp, setUpLeftOut, TIMEOUT_MS } from './left-out-parts.ts';
import { settled } from './manual-time.ts';
import { assertRefused } from './refusals.ts';
import { good, NEVER } from './scripted-sources.ts';

suite('a function that is frozen between its invocations', () => {
  /** One invocation: its draw, and then the timers that are due. @returns whether the source was in */
  async function invoke({ source, time }: Awaited<ReturnType<typeof setUp>>): Promise<boolean> {
    const read = source.read(64, AbortSignal.abort()).then(
      () => true,
      () => false,
    );
    await settled();
    const isIn = await read;
    await time.thaw();
    return isIn;
  }

  test('makes the test with a read as soon as its time has passed', async () => {
    const parts = await setUpLeftOut();
    parts.recover();
    parts.time.freeze(RETEST_MS);
    assert.equal(await invoke(parts), true);
    assert.equal(parts.source.isOpen(), true);
  });

  test('makes it with the next read if the freeze interrupted the one in the background', async () => {
    const parts = await setUpLeftOut();
    const { time, recover } = parts;
    await time.pass(LEFT_OUT_RETEST_MS);
    time.freeze(TIMEOUT_MS + FROZEN_AFTER_MS + 1);
    await time.thaw();
    recover();
    assert.equal(await invoke(parts), true);
  });

  test('lets one read through, not every one', async () => {
    const { source, time, asked } = await setUpLeftOut();
    time.freeze(RETEST_MS);
    const before = asked();
    void source.read(64, NEVER).catch(() => undefined);
    for (let count = 0; count < 5; count += 1) {
      await assertRefused(() => source.read(64, NEVER), 'backend-timeout', LEFT_OUT);
    }
    assert.equal(asked() - before, 1);
  });

  for (const gapMs of [500, 3_000, 5_100, 6_000, 8_000, 30_000]) {
    test(`has the source back within three invocations that are ${gapMs} ms apart, once a test is due`, async () => {
      const parts = await setUpLeftOut();
      const { source, time, recover, lastRead, asked } = parts;
      await time.pass(LEFT_OUT_RETEST_MS - 1);
      const before = asked();
      // The background test begins in the first invocation, which ends before the answer is there.
      time.freeze(gapMs);
      await time.thaw();
      if (asked() > before && gapMs < TIMEOUT_MS) lastRead().resolve(good(START_UP_BYTES));
      recover();
      for (let count = 0; count < 3 && !source.isOpen(); count += 1) {
        time.freeze(gapMs);
        await invoke(parts);
      }
      assert.equal(source.isOpen(), true);
    });
  }
});
