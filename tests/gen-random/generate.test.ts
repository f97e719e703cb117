import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DrawEntropy } from '../../lib/entropy/draw.ts';
import { ServiceError } from '../../lib/errors.ts';
import { generate } from '../../lib/gen-random/generate.ts';
import type { Trail } from '../../lib/telemetry/audit-line.ts';

const bodyOf = (bitLength: number) => ({ random_data_length: bitLength });
const monotonicMs = () => 0;
const trailOf = (): Trail => ({ requestId: 'r-1' });
const drawOf = (bytes: Uint8Array) => ({ bytes, sources: ['scripted'], omitted: [] });

test('the bytes are written as upper-case hexadecimal, in their order', async () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0x0a, 0x7f, 0x80, 0xab, 0xcd, 0xef, 0xff);
  const reply = await generate(bodyOf(72), { draw: () => drawOf(bytes), trail: trailOf(), monotonicMs });
  assert.deepEqual(reply, { random_data: '00010A7F80ABCDEFFF' });
});

test('any bytes come back from what is written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 1024 }), async (bytes) => {
      const draw = () => drawOf(bytes.slice());
      const reply = await generate(bodyOf(bytes.length * 8), { draw, trail: trailOf(), monotonicMs });
      assert.match(reply.random_data, /^[0-9A-F]+$/);
      assert.deepEqual(Buffer.from(reply.random_data, 'hex'), Buffer.from(bytes));
    }),
  );
});

test('an array that is a view into a larger one gives its own bytes only', async () => {
  const larger = Uint8Array.from({ length: 32 }, (_, index) => index);
  const reply = await generate(bodyOf(32), {
    draw: () => drawOf(larger.subarray(4, 8)),
    trail: trailOf(),
    monotonicMs,
  });
  assert.equal(reply.random_data, '04050607');
  assert.deepEqual([...larger.subarray(0, 10)], [0, 1, 2, 3, 0, 0, 0, 0, 8, 9]);
});

test('the bytes are zeroed once they are written', async () => {
  const bytes = new Uint8Array(64).fill(0xa5);
  await generate(bodyOf(512), { draw: () => drawOf(bytes), trail: trailOf(), monotonicMs });
  assert(bytes.every((byte) => byte === 0));
});

test('the draw is asked once, for an eighth of the bits, and told what time is left', async () => {
  const calls: unknown[] = [];
  for (const [bitLength, remainingMs] of [[8], [8192, 1500]] as const) {
    const draw: DrawEntropy = (...parameters) => {
      calls.push(parameters);
      return drawOf(new Uint8Array(bitLength / 8));
    };
    await generate(bodyOf(bitLength), { draw, trail: trailOf(), monotonicMs, remainingMs });
  }
  assert.deepEqual(calls, [
    [1, undefined],
    [1024, 1500],
  ]);
});

test('the trail keeps what was asked, the sources that took part and those left out', async () => {
  const draw = async () => ({ bytes: new Uint8Array(1), sources: ['a', 'b'], omitted: ['c'], entropyMs: 0 });
  const trail = trailOf();
  const sequence = '0'.repeat(36);
  await generate({ ...bodyOf(8), sequence }, { draw, trail, monotonicMs });
  assert.deepEqual(trail, {
    requestId: 'r-1',
    bitLength: 8,
    sequence,
    sources: ['a', 'b'],
    omitted: ['c'],
    entropyMs: 0,
  });
});

for (const length of [0, 63, 65, 1024]) {
  test(`${length} bytes where 64 were asked for are a defect`, async () => {
    const draw = () => drawOf(new Uint8Array(length));
    const answer = async () => generate(bodyOf(512), { draw, trail: trailOf(), monotonicMs });
    await assert.rejects(answer, (error) => error instanceof ServiceError && error.key === 'defect');
  });
}

for (const [name, draw] of [
  ['throws', () => raise(new ServiceError('throttled', { reason: 'source-throttled' }))],
  ['rejects with', () => Promise.reject(new ServiceError('throttled', { reason: 'source-throttled' }))],
] as const) {
  test(`what the draw ${name} goes on unchanged`, async () => {
    await assert.rejects(
      async () => generate(bodyOf(8), { draw, trail: trailOf(), monotonicMs }),
      (error) => {
        return error instanceof ServiceError && error.key === 'throttled';
      },
    );
  });
}

function raise(error: unknown): never {
  throw error;
}
