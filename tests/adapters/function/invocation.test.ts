import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, readInvocation } from '../../../lib/adapters/function/invocation.ts';
import { FunctionGraphContext } from './function-graph-context.ts';

const LAMBDA = { awsRequestId: 'lambda-1', getRemainingTimeInMillis: () => 1_234 };

test("Lambda's context gives the id and the time that is left for work, 100 ms less than until the end", () => {
  const { requestId, remainingMs } = readInvocation(LAMBDA);
  assert.deepEqual([requestId, remainingMs?.()], ['lambda-1', 1_134]);
});

test("FunctionGraph's context gives the id and the time that is left for work", () => {
  const { requestId, remainingMs } = readInvocation(
    new FunctionGraphContext({ requestId: 'fg-1', remainingMs: 2_345 }),
  );
  assert.deepEqual([requestId, remainingMs?.()], ['fg-1', 2_245]);
});

test('the time that is left is asked for when it is needed', () => {
  let leftMs = 1_000;
  const { remainingMs } = readInvocation({ getRemainingTimeInMillis: () => leftMs });
  leftMs = 500;
  assert.equal(remainingMs?.(), 400);
  leftMs = 99;
  assert.equal(remainingMs?.(), 0);
});

for (const given of [Number.NaN, undefined, null, 'soon', {}]) {
  test(`a clock that gives ${given} sets no deadline`, () => {
    const { remainingMs } = readInvocation({ getRemainingTimeInMillis: () => given });
    assert.equal(remainingMs?.(), Number.POSITIVE_INFINITY);
  });
}

const NOTHING: readonly { name: string; context: unknown }[] = [
  { name: 'undefined', context: undefined },
  { name: 'null', context: null },
  { name: 'a text', context: 'context' },
  { name: 'a number', context: 5 },
  { name: 'an empty object', context: {} },
  { name: 'an array', context: [] },
  { name: 'a function', context: () => undefined },
  { name: 'members of other types', context: { awsRequestId: 5, getRemainingTimeInMillis: 1_000 } },
  { name: 'methods that give other types', context: { getRequestID: () => 5 } },
];
for (const { name, context } of NOTHING) {
  test(`a context that is ${name} tells nothing`, () => {
    assert.deepEqual(readInvocation(context), { requestId: undefined, remainingMs: undefined });
  });
}

const CALLS: readonly (readonly [name: string, context: unknown, method: string, result: unknown])[] = [
  ['a method', { add: (a: number, b: number) => a + b }, 'add', 3],
  ['a method of a class', new FunctionGraphContext({ requestId: 'fg-1' }), 'getRequestID', 'fg-1'],
  ['no such method', {}, 'add', undefined],
  ['a member that is no method', { add: 5 }, 'add', undefined],
  ['no context', null, 'add', undefined],
];
for (const [name, context, method, result] of CALLS) {
  test(`a call of ${name} gives ${result}`, () => assert.equal(call(context, method, 1, 2), result));
}
