import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../../lib/errors.ts';
import { generate } from '../../lib/gen-random/generate.ts';

const commandOf = (bitLength: number) => ({ bitLength, sequence: undefined });
const drawOf = (bytes: Uint8Array) => ({ bytes, sources: ['scripted'], omitted: [] });

test('the bytes are written as upper-case hexadecimal, in their order', async () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0x0a, 0x7f, 0x80, 0xab, 0xcd, 0xef, 0xff);
  const { reply } = await generate(commandOf(72), () => drawOf(bytes));
  assert.deepEqual(reply, { random_data: '00010A7F80ABCDEFFF' });
});

test('any bytes come back from what is written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 1024 }), async (bytes) => {
      const { reply } = await generate(commandOf(bytes.length * 8), () => drawOf(bytes.slice()));
      assert.match(reply.random_data, /^[0-9A-F]+$/);
      assert.deepEqual(Buffer.from(reply.random_data, 'hex'), Buffer.from(bytes));
    }),
  );
});

test('an array that is a view into a larger one gives its own bytes only', async () => {
  const larger = Uint8Array.from({ length: 32 }, (_, index) => index);
  const { reply } = await generate(commandOf(32), () => drawOf(larger.subarray(4, 8)));
  assert.equal(reply.random_data, '04050607');
  assert.deepEqual([...larger.subarray(0, 10)], [0, 1, 2, 3, 0, 0, 0, 0, 8, 9]);
});

test('the bytes are zeroed once they are written', async () => {
  const bytes = new Uint8Array(64).fill(0xa5);
  await generate(commandOf(512), () => drawOf(bytes));
  assert(bytes.every((byte) => byte === 0));
});

test('the draw is asked once, for an eighth of the bits, and told what time is left', async () => {
  const calls: unknown[] = [];
  for (const [bitLength, remainingMs] of [[8], [8192, 1500]] as const) {
    await generate(
      commandOf(bitLength),
      (...parameters) => {
        calls.push(parameters);
        return drawOf(new Uint8Array(bitLength / 8));
      },
      remainingMs,
    );
  }
  assert.deepEqual(calls, [
    [1, undefined],
    [1024, 1500],
  ]);
});

test('the sources that took part and those left out are named', async () => {
  const draw = async () => ({ bytes: new Uint8Array(1), sources: ['a', 'b'], omitted: ['c'] });
  const { sources, omitted } = await generate(commandOf(8), draw);
  assert.deepEqual([sources, omitted], [['a', 'b'], ['c']]);
});

for (const length of [0, 63, 65, 1024]) {
  test(`${length} bytes where 64 were asked for are a defect`, async () => {
    const answer = async () => generate(commandOf(512), () => drawOf(new Uint8Array(length)));
    await assert.rejects(answer, (error) => error instanceof ServiceError && error.key === 'defect');
  });
}

for (const [name, draw] of [
  ['throws', () => raise(new ServiceError('throttled'))],
  ['rejects with', () => Promise.reject(new ServiceError('throttled'))],
] as const) {
  test(`what the draw ${name} goes on unchanged`, async () => {
    await assert.rejects(
      async () => generate(commandOf(8), draw),
      (error) => {
        return error instanceof ServiceError && error.key === 'throttled';
      },
    );
  });
}

function raise(error: unknown): never {
  throw error;
}
