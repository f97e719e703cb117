import type { TestContext } from 'node:test';

type Action = () => unknown;

const actionsOf = new WeakMap<TestContext, Action[]>();

/**
 * Runs the action when the test has ended, whatever became of it and of the other actions. The last one registered is the
 * first to run, unlike with `t.after`.
 */
export function atEnd(t: TestContext, action: Action): void {
  const known = actionsOf.get(t);
  if (known !== undefined) {
    known.push(action);
    return;
  }
  const actions = [action];
  actionsOf.set(t, actions);
  t.after(async () => {
    const problems: unknown[] = [];
    for (const each of actions.toReversed()) {
      try {
        await each();
      } catch (error) {
        problems.push(error);
      }
    }
    if (problems.length > 0) throw new AggregateError(problems, 'the end of the test failed');
  });
}
