import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FAILURES_IN_A_ROW } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { ENOUGH_MS, failing, mixOf, openLate, testedRemote } from './scripted-sources.ts';

suite('a source that did not answer', () => {
  test('because another one had failed is not to blame', async () => {
    const [slow, broken] = [await openLate('slow', ENOUGH_MS), await testedRemote('broken', failing)];
    const draw = mixOf([slow, broken]);
    for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) {
      await assertRefused(() => draw(64), 'backend-unavailable');
    }
    assert.deepEqual([slow.tested.isOpen(), broken.tested.isOpen()], [true, false]);
  });

  const TIMES: readonly (readonly [name: string, timeoutMs: number, remainingMs: number, isOpen: boolean])[] = [
    ['because the platform left it 20 ms is not to blame', 2_000, 20, true],
    ['within all of a short ENTROPY_TIMEOUT_MS is to blame', 50, ENOUGH_MS, false],
    ['within the second that the platform left it is to blame', ENOUGH_MS, 1_000, false],
  ];
  for (const [name, timeoutMs, remainingMs, isOpen] of TIMES) {
    test(name, async () => {
      const slow = await openLate('slow', ENOUGH_MS);
      const draw = mixOf([slow], { timeoutMs });
      for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) {
        await assertRefused(() => draw(64, remainingMs), 'backend-timeout');
      }
      assert.equal(slow.tested.isOpen(), isOpen);
    });
  }
});
