import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { getHeapSnapshot } from 'node:v8';
import { rejected } from '../../lib/auth/verdict.ts';
import { asking } from './scripted-cache.ts';

const PRINCIPAL = { projectId: 'p-1', userId: 'u-1', roles: [] };
const ACCEPTED = { outcome: 'accepted', principal: PRINCIPAL, expiresAtMs: Number.MAX_SAFE_INTEGER } as const;

/** Texts that begin in a way no source file does, so that the heap has them from here alone. */
function freshTokens(mark: string, count: number): string[] {
  // By way of a buffer: a snapshot shows the two halves of a text that was only just joined.
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(`${mark}${index % 2}${randomBytes(24).toString('hex').slice(1)}`).toString('latin1'),
  );
}

async function countInHeap(mark: string): Promise<number> {
  let snapshot = '';
  for await (const part of getHeapSnapshot().setEncoding('latin1')) snapshot += part;
  return snapshot.split(new RegExp(`${mark}[0-9a-f]{48}`)).length - 1;
}

test('the cache keeps no token, neither of those it knows nor of those it refuses', async () => {
  const mark = ['kept', 'token', ''].join('-');
  const control = ['control', 'token', ''].join('-');
  const verify = asking({
    verify: async (token) => (token.startsWith(`${mark}0`) ? rejected('unknown-token') : ACCEPTED),
    timeoutMs: 60_000,
    ttlMs: 300_000,
    entries: 100,
    now: Date.now,
    randomBytes: (length) => randomBytes(length),
  });
  await (async () => {
    for (const token of freshTokens(mark, 50)) {
      await verify(token);
      await verify(token);
    }
  })();
  // What is held is found, so what is not found is not held.
  const held = freshTokens(control, 50);
  assert.deepEqual([await countInHeap(mark), (await countInHeap(control)) >= held.length], [0, true]);
});
