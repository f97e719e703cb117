import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { leaveOutWhileFailing } from '../../lib/entropy/leave-out.ts';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { FAILURES_IN_A_ROW, LEFT_OUT_RETEST_MS, START_UP_BYTES } from '../../lib/limits.ts';
import { manualTime, settled } from './manual-time.ts';
import { mixOf, openLocal } from './mix-parts.ts';
import { assertRefused } from './refusals.ts';
import { good, type HeldRead, heldRemote, NEVER } from './scripted-sources.ts';

const TIMEOUT_MS = 2_000;
/** What is promised: a source is back so long after its recovery, whatever happens meanwhile. */
const BACK_MS = 15_000;
/** What is promised: no more time between two tests. */
const RETEST_MS = 10_000;

const late = () => new ServiceError('backend-timeout', { reason: 'source-timeout', detail: 'remote: no answer' });
const LEFT_OUT = /^source-timeout remote: left out until it answers again$/;

/** A remote source that passed its start-up test; the test answers its reads, or they end with their signal. */
async function setUp() {
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
  const leftOut = leaveOutWhileFailing(tested, { after, monotonicMs, timeoutMs: TIMEOUT_MS });
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
async function readInVain({ source }: { readonly source: Awaited<ReturnType<typeof setUp>>['source'] }): Promise<void> {
  const deadline = new AbortController();
  const refused = assertRefused(() => source.read(64, deadline.signal), 'backend-timeout');
  await settled();
  deadline.abort();
  await refused;
}

async function setUpLeftOut() {
  const parts = await setUp();
  for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await readInVain(parts);
  return parts;
}

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
    const draw = mixOf([source, openLocal('local').tested], { onFailure: 'degrade' });
    const { sources, omitted } = await draw(64);
    assert.deepEqual([sources, omitted], [['local'], ['remote']]);
  });

  test('in a mix that degrades and has no other source: nothing is drawn, and it is still a time-out', async () => {
    const { source, asked } = await setUpLeftOut();
    const before = asked();
    await assertRefused(() => mixOf([source], { onFailure: 'degrade' })(64), 'backend-timeout', LEFT_OUT);
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

  test('comes again and again, at least every 10 seconds, and is given up at the deadline', async () => {
    const { source, time, asked, events } = await setUpLeftOut();
    const before = asked();
    await time.pass(60_000);
    assert.ok(asked() - before >= 60_000 / RETEST_MS, `${asked() - before} tests in a minute`);
    assert.equal(asked() - before, 60_000 / LEFT_OUT_RETEST_MS);
    assert.equal(source.isOpen(), false);
    assert.deepEqual(events, ['failing']);
  });

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
});

suite('a function that is frozen between its invocations', () => {
  /** One invocation, some milliseconds long, of which the KMS needs most. @returns whether the source was in */
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
