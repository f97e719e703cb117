import type { TestContext } from 'node:test';

/** What the helpers of the checks use of a test: its end, and whether it went well. */
export type Scope = TestContext;

/** Runs work with helpers that were made for tests: what they start ends with it. */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const actions: (() => unknown)[] = [];
  const state = { passed: false, after: (action: () => unknown) => actions.push(action) };
  try {
    const result = await work(state as unknown as Scope);
    state.passed = true;
    return result;
  } finally {
    for (const action of actions.toReversed()) await action();
  }
}
