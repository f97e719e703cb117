import { suite, test } from 'node:test';
import { FAULTS } from './faults.ts';

suite('faults that last', { concurrency: true }, () => {
  for (const { name, isSlow = false, run } of Object.values(FAULTS).flat()) {
    if (isSlow) test(name, { timeout: 30_000 }, run);
  }
});
