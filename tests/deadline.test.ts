import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { untilAborted, withDeadline } from '../lib/deadline.ts';
import { deferred } from './support/deferred.ts';

const NEVER = deferred<string>().promise;

test('work that is done in time gives what it gives, and its timer is gone', async () => {
  const before = timers();
  assert.equal(await withDeadline(Promise.resolve('done'), 60_000, () => 'late'), 'done');
  await turn();
  assert.equal(timers(), before);
});

test('work that fails in time fails, and its timer is gone', async () => {
  const before = timers();
  await assert.rejects(
    withDeadline(Promise.reject(new Error('scripted')), 60_000, () => 'late'),
    /scripted/,
  );
  await turn();
  assert.equal(timers(), before);
});

for (const leftMs of [5, 0, -1]) {
  test(`work that is not done is late after ${leftMs} ms`, async () => {
    assert.equal(await withDeadline(NEVER, leftMs, () => 'late'), 'late');
  });
}

for (const leftMs of [2 ** 31, Number.POSITIVE_INFINITY]) {
  test(`${leftMs} ms is no deadline, where Node would fire at once`, async () => {
    const work = deferred<string>();
    const result = withDeadline(work.promise, leftMs, () => 'late');
    setTimeout(() => work.resolve('done'), 10);
    assert.equal(await result, 'done');
  });
}

test('a signal ends the wait, and one that is aborted already does so at once', async () => {
  const controller = new AbortController();
  const waiting = untilAborted(NEVER, controller.signal, () => 'aborted');
  controller.abort();
  assert.equal(await waiting, 'aborted');
  assert.equal(await untilAborted(NEVER, controller.signal, () => 'aborted'), 'aborted');
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
