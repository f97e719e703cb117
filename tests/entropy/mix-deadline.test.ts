import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ENOUGH_MS, elapsedMs, LENGTH, mixOf, openLate, openLocal } from './mix-parts.ts';
import { assertRefused } from './refusals.ts';

/** What a deadline may be missed by: timers of a busy machine. */
const LATENESS_MS = 150;

interface DeadlineRow {
  readonly name: string;
  readonly timeoutMs: number;
  readonly remainingMs?: number;
  readonly expectedMs: number;
}

const DEADLINES: readonly DeadlineRow[] = [
  { name: 'the configured deadline', timeoutMs: 80, expectedMs: 80 },
  {
    name: 'a platform that leaves less',
    timeoutMs: ENOUGH_MS,
    remainingMs: 60,
    expectedMs: 60,
  },
  { name: 'a platform that leaves more', timeoutMs: 80, remainingMs: ENOUGH_MS, expectedMs: 80 },
  { name: 'a platform that leaves nothing', timeoutMs: ENOUGH_MS, remainingMs: 0, expectedMs: 0 },
  { name: 'a platform whose deadline is over', timeoutMs: ENOUGH_MS, remainingMs: -10, expectedMs: 0 },
];

suite('a slow remote source', () => {
  for (const { name, timeoutMs, remainingMs, expectedMs } of DEADLINES) {
    for (const onFailure of ['refuse', 'degrade'] as const) {
      test(`under ${onFailure} is waited for as long as ${name} allows`, async () => {
        const { tested } = await openLate('slow', ENOUGH_MS);
        const mix = mixOf([tested, openLocal('local').tested], { onFailure, timeoutMs });
        const spentMs = await elapsedMs(async () => {
          if (onFailure === 'refuse') {
            await assertRefused(() => mix(LENGTH, remainingMs), 'backend-timeout', /^source-\S+ slow\b/);
          } else assert.deepEqual((await mix(LENGTH, remainingMs)).omitted, ['slow']);
        });
        assert.ok(spentMs > expectedMs - 2 && spentMs < expectedMs + LATENESS_MS, `${spentMs} ms`);
      });
    }
  }

  test('that answers within the deadline is in', async () => {
    const { tested } = await openLate('slow', 20);
    const { sources } = await mixOf([tested], { timeoutMs: 2_000 })(LENGTH);
    assert.deepEqual(sources, ['slow']);
  });
});
