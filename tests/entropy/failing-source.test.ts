import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CUT_SHORT } from '../../lib/entropy/failure-streak.ts';
import { testLocal, testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { FAILURES_IN_A_ROW, START_UP_BYTES } from '../../lib/limits.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, NEVER, scriptedLocal, scriptedRemote, watch } from './scripted-sources.ts';

const throwing =
  (error: Error): Give =>
  () => {
    throw error;
  };
const late = () => new ServiceError('backend-timeout', { reason: 'source-timeout', detail: 'source' });
const stuck: Give = (length) => new Uint8Array(length).fill(0x5a);

function openLocal() {
  const { source, give } = scriptedLocal('source');
  const observed = watch();
  return { ...observed, give, tested: testLocal(source, observed) };
}

async function openRemote() {
  const { source, give } = scriptedRemote('source');
  const observed = watch();
  const remote = testRemote(source, observed);
  await remote.warmUp(NEVER);
  const tested = { ...remote, read: (length: number, signal = NEVER) => remote.read(length, signal) };
  return { ...observed, give, tested };
}

/** Both kinds of sources count alike. */
const KINDS = [
  ['local', openLocal],
  ['remote', openRemote],
] as const;

const FAILURES: readonly (readonly [name: string, give: Give])[] = [
  ['throws', throwing(new Error('private-words'))],
  ['is late', throwing(late())],
  ['is short', (length) => good(length - 1)],
];

for (const [kind, open] of KINDS) {
  suite(`a ${kind} source`, () => {
    for (const [name, failing] of FAILURES) {
      test(`that ${name} ${FAILURES_IN_A_ROW} times in a row is not open, and is again with the first bytes`, async () => {
        const { tested, give, events } = await open();
        give(failing);
        for (let count = 1; count <= FAILURES_IN_A_ROW + 2; count += 1) {
          await assert.rejects(async () => tested.read(64));
          assert.equal(tested.isOpen(), count < FAILURES_IN_A_ROW, `after ${count}`);
        }
        assert.deepEqual(events, ['source failing']);
        give(good);
        await tested.read(64);
        await tested.read(64);
        assert.equal(tested.isOpen(), true);
        assert.deepEqual(events, ['source failing', 'source recovered']);
      });
    }

    test('whose failures have bytes between them is open', async () => {
      const { tested, give, events } = await open();
      for (let count = 0; count < 10; count += 1) {
        give(throwing(late()));
        for (let failures = 1; failures < FAILURES_IN_A_ROW; failures += 1) {
          await assertRefused(() => tested.read(64), 'backend-timeout');
        }
        give(good);
        await tested.read(64);
      }
      assert.equal(tested.isOpen(), true);
      assert.deepEqual(events, []);
    });

    test('that throttles is there', async () => {
      const { tested, give, events } = await open();
      give(throwing(new ServiceError('throttled', { reason: 'source-throttled' })));
      for (let count = 0; count < 10; count += 1) await assertRefused(() => tested.read(64), 'throttled');
      assert.equal(tested.isOpen(), true);
      assert.deepEqual(events, []);
    });

    test('that answers again with bad bytes has recovered, and is closed for them', async () => {
      const { tested, give, events } = await open();
      give(throwing(late()));
      for (let count = 0; count < FAILURES_IN_A_ROW; count += 1) await assert.rejects(async () => tested.read(64));
      give(stuck);
      await assertRefused(() => tested.read(64), 'entropy-unhealthy');
      assert.equal(tested.isOpen(), false);
      assert.deepEqual(events, ['source failing', 'source recovered', 'source closed']);
    });
  });
}

test('a read that was cut short says nothing about its source', async () => {
  const { tested, give, events } = await openRemote();
  give(throwing(late()));
  const signal = AbortSignal.abort(CUT_SHORT);
  for (let count = 0; count < 10; count += 1) await assert.rejects(tested.read(64, signal));
  assert.equal(tested.isOpen(), true);
  assert.deepEqual(events, []);
});

test('a start-up test that gets no bytes counts too', async () => {
  const { source, give, given } = scriptedRemote('source', throwing(late()));
  const observed = watch();
  const tested = testRemote(source, observed);
  await tested.warmUp(NEVER);
  for (let count = 1; count < FAILURES_IN_A_ROW; count += 1) await assert.rejects(tested.read(64, NEVER));
  assert.deepEqual(observed.events, ['source failing']);
  give(good);
  await tested.read(64, NEVER);
  assert.deepEqual(observed.events, ['source failing', 'source recovered']);
  assert.deepEqual(
    given.map(({ length }) => length),
    [START_UP_BYTES, 64],
  );
});
