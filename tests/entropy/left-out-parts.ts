import assert from 'node:assert/strict';
import { leaveOutWhileFailing } from '../../lib/entropy/leave-out.ts';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { FAILURES_IN_A_ROW } from '../../lib/limits.ts';
import { manualTime, settled } from './manual-time.ts';
import { assertRefused } from './refusals.ts';
import { good, type HeldRead, heldRemote, NEVER } from './scripted-sources.ts';

export const TIMEOUT_MS = 2_000;
/** What is promised: no more time between two tests. */
export const RETEST_MS = 10_000;
/** What a left-out source refuses with. */
export const LEFT_OUT = /^source-timeout remote: left out until it answers again$/;

const late = () => new ServiceError('backend-timeout', { reason: 'source-timeout', detail: 'remote: no answer' });

/** A remote source that passed its start-up test; the test answers its reads, or they end with their signal. */
export async function setUp(timeoutMs = TIMEOUT_MS) {
  const { source, reads } = heldRemote();
  const time = manualTime();
  const events: string[] = [];
  const onHealth = (_name: string, event: string) => events.push(event);
  const listening: typeof source = {
    ...source,
    read(length, signal) {
      const answer = source.read(length, signal);
      const held = reads.at(-1);
      signal.addEventListener('abort', () => held?.reject(late()));
      if (held !== undefined && isBack) held.resolve(good(length));
      return answer;
    },
  };
  let isBack = true;
  const tested = testRemote(listening, { onHealth, monotonicMs: time.monotonicMs });
  await tested.warmUp(NEVER);
  isBack = false;
  const { after, monotonicMs } = time;
  const leftOut = leaveOutWhileFailing(tested, { after, monotonicMs, timeoutMs });
  const recover = (): void => {
    isBack = true;
  };
  const fallSilent = (): void => {
    isBack = false;
  };
  const asked = (): number => reads.length - 1;
  const lastRead = (): HeldRead => reads.at(-1) ?? assert.fail('nobody was asked');
  return { source: leftOut, time, events, asked, lastRead, recover, fallSilent };
}

/** One read that waits until its time is up. */
export async function readInVain({
  source,
}: {
  readonly source: Awaited<ReturnType<typeof setUp>>['source'];
}): Promise<void> {
  const deadline = new AbortController();
  const refused = assertRefused(() => source.read(64, deadline.signal), 'backend-timeout');
  await settled();
  deadline.abort();
  await refused;
}

export async function setUpLeftOut(timeoutMs?: number) {
  const parts = await setUp(timeoutMs);
  for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain(parts);
  return parts;
}
