import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  createFunctionEntry,
  type FunctionEntry,
  type StartedFunction,
} from '../../../lib/adapters/function/function-entry.ts';
import { deferred } from '../../support/deferred.ts';

const LAMBDA = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001' };
const FUNCTIONGRAPH = {};

const AN_HOUR_MS = 3_600_000;

function entryOf(
  platform: Readonly<Record<string, string>>,
  warmedUp: ReturnType<StartedFunction['warmUp']>,
  waitMs = AN_HOUR_MS,
): FunctionEntry {
  return createFunctionEntry(platform, () => ({ run: async () => 'drawn', warmUp: () => warmedUp }), waitMs);
}

/** Whether it has settled when everything that can happen now has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(resolve, pending));
  return (await Promise.race([promise, turn])) !== pending;
}

/** A module as a runtime client that imports it sees it: awaited. */
const imported = async (entry: FunctionEntry): Promise<Pick<FunctionEntry, 'handler'>> => entry as never;

const initialized = ({ initializer }: FunctionEntry): Promise<unknown> =>
  new Promise((resolve) => initializer({}, (...outcome) => resolve(outcome)));

suite('without a source behind a network nothing waits', () => {
  test('Lambda: the module is no promise', () => {
    assert.equal(entryOf(LAMBDA, undefined).then, undefined);
  });

  test('FunctionGraph: the initializer calls back at once', () => {
    let outcome: unknown;
    entryOf(FUNCTIONGRAPH, undefined).initializer({}, (...given) => {
      outcome = given;
    });
    assert.deepEqual(outcome, [null, '']);
  });
});

suite('with one the init ends when it has been asked', () => {
  test('Lambda: whoever imports the module gets the handler then, and no promise again', async () => {
    const { promise, resolve } = deferred<void>();
    const handlers = imported(entryOf(LAMBDA, promise));
    assert.equal(await isSettled(handlers), false);
    resolve();
    assert.equal(await (await handlers).handler({}, {}), 'drawn');
  });

  test('Lambda: a handler that a wrapper put into the module is the one that is called', async () => {
    const entry: { handler: FunctionEntry['handler'] } = entryOf(LAMBDA, Promise.resolve());
    const { handler } = entry;
    entry.handler = async (...invocation) => `traced: ${await handler(...invocation)}`;
    const wrapped = await imported(entry as FunctionEntry);
    assert.equal(await wrapped.handler({}, {}), 'traced: drawn');
  });

  test('Lambda: whoever requires the module has the handler before', async () => {
    const { handler } = entryOf(LAMBDA, deferred<void>().promise);
    assert.equal(await handler({}, {}), 'drawn');
  });

  test('FunctionGraph: the initializer calls back then', async () => {
    const { promise, resolve } = deferred<void>();
    const outcome = initialized(entryOf(FUNCTIONGRAPH, promise));
    assert.equal(await isSettled(outcome), false);
    resolve();
    assert.deepEqual(await outcome, [null, '']);
  });
});

suite('with one that does not answer the init ends all the same', () => {
  test('Lambda: the module is there', async () => {
    const { handler } = await imported(entryOf(LAMBDA, deferred().promise, 1));
    assert.equal(await handler({}, {}), 'drawn');
  });

  test('FunctionGraph: the initializer calls back', async () => {
    assert.deepEqual(await initialized(entryOf(FUNCTIONGRAPH, deferred().promise, 1)), [null, '']);
  });
});

test('FunctionGraph without an initializer: an invocation warms nothing up, for it would only wait', async () => {
  let isWarmedUp = false;
  const warmUp = () => {
    isWarmedUp = true;
    return undefined;
  };
  const { handler } = createFunctionEntry(FUNCTIONGRAPH, () => ({ run: async () => 'drawn', warmUp }));
  assert.equal(await handler({}, {}), 'drawn');
  assert.equal(isWarmedUp, false);
});

test('an initializer calls back once, even where that throws', () => {
  let calls = 0;
  const callback = (): never => {
    calls += 1;
    throw new Error('of the platform');
  };
  assert.throws(() => entryOf(FUNCTIONGRAPH, undefined).initializer({}, callback), { message: 'of the platform' });
  assert.equal(calls, 1);
});
