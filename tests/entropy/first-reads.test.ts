import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { testRemote } from '../../lib/entropy/tested-source.ts';
import { ServiceError } from '../../lib/errors.ts';
import { START_UP_BYTES } from '../../lib/limits.ts';
import { settled } from './manual-time.ts';
import { assertRefused } from './refusals.ts';
import { good, heldRemote, NEVER, watch } from './scripted-sources.ts';

const CROWD = 50;

/** A source whose warm-up failed, and which is then asked by a crowd. */
async function setUp() {
  const { source, reads } = heldRemote();
  const tested = testRemote(source, watch());
  const warm = tested.warmUp(NEVER);
  reads[0]?.reject(new Error('private-words'));
  await warm;
  const lengths = (): number[] => reads.slice(1).map(({ length }) => length);
  const answer = (from: number): void => {
    for (const { length, resolve } of reads.slice(from)) resolve(good(length));
  };
  return { tested, reads, lengths, answer };
}

suite('a crowd of first reads after a failed warm-up', () => {
  test('shares one start-up test', async () => {
    const { tested, lengths, answer } = await setUp();
    const crowd = Array.from({ length: CROWD }, () => tested.read(64, NEVER));
    await settled();
    assert.deepEqual(lengths(), [START_UP_BYTES]);
    answer(1);
    await settled();
    assert.deepEqual(lengths(), [START_UP_BYTES, ...Array(CROWD).fill(64)]);
    answer(2);
    assert.equal(new Set((await Promise.all(crowd)).map((bytes) => bytes.toString())).size, CROWD);
  });

  test('shares its failure, and the next read makes another test', async () => {
    const { tested, reads, lengths } = await setUp();
    const failure = new ServiceError('backend-unavailable', { reason: 'source-unreachable' });
    const crowd = Array.from({ length: CROWD }, () => assertRefused(() => tested.read(64, NEVER), failure.key));
    await settled();
    reads[1]?.reject(failure);
    assert.ok((await Promise.all(crowd)).every((error) => error === failure));
    void tested.read(64, NEVER).catch(() => undefined);
    await settled();
    assert.deepEqual(lengths(), [START_UP_BYTES, START_UP_BYTES]);
  });

  test('does not share the deadline of the one that makes it', async () => {
    const { tested, reads, lengths, answer } = await setUp();
    const deadline = new AbortController();
    const hasty = assertRefused(() => tested.read(64, deadline.signal), 'backend-timeout');
    const patient = tested.read(64, NEVER);
    await settled();
    deadline.abort();
    reads[1]?.reject(new ServiceError('backend-timeout', { reason: 'source-timeout' }));
    await hasty;
    await settled();
    assert.deepEqual(lengths(), [START_UP_BYTES, START_UP_BYTES]);
    answer(2);
    await settled();
    answer(3);
    assert.equal((await patient).length, 64);
  });

  test('is not held beyond the deadline of each', async () => {
    const { tested, lengths } = await setUp();
    void tested.read(64, NEVER);
    const deadline = new AbortController();
    const hasty = assertRefused(() => tested.read(64, deadline.signal), 'backend-timeout', /^source-timeout remote$/);
    await settled();
    deadline.abort();
    await hasty;
    assert.deepEqual(lengths(), [START_UP_BYTES]);
  });
});
