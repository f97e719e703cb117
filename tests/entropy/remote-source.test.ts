import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptFailure, createRemoteSource } from '../../lib/entropy/remote-source.ts';
import { deferred } from '../support/deferred.ts';
import { assertRefused } from './refusals.ts';
import { good, isZeroed } from './scripted-sources.ts';

const attemptThatGives = (promise: Promise<Uint8Array | AttemptFailure>) =>
  createRemoteSource({ name: 'remote', pauseMs: () => 1, attempt: () => promise });

test('bytes that come after the deadline are zeroed', async () => {
  const answer = deferred<Uint8Array | AttemptFailure>();
  const deadline = new AbortController();
  const reading = assertRefused(
    () => attemptThatGives(answer.promise).read(64, deadline.signal),
    'backend-timeout',
    /^source-timeout remote$/,
  );
  deadline.abort();
  await reading;
  const late = good(64);
  answer.resolve(late);
  await answer.promise;
  assert.ok(isZeroed(late));
});

test('bytes that come in time are left as they are', async () => {
  const bytes = good(64);
  const copy = bytes.slice();
  assert.equal(await attemptThatGives(Promise.resolve(bytes)).read(64, new AbortController().signal), bytes);
  assert.deepEqual(bytes, copy);
});
