import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Environment, parseConfig } from '../../lib/config/config.ts';

const IAM_URL = 'https://iam.test/v3';

const TABLE: readonly {
  given: string | undefined;
  hasKernelRandom: boolean;
  sources: readonly string[] | undefined;
}[] = [
  { given: undefined, hasKernelRandom: true, sources: ['node-crypto', 'os'] },
  { given: '', hasKernelRandom: true, sources: ['node-crypto', 'os'] },
  { given: 'os', hasKernelRandom: true, sources: ['os'] },
  { given: 'node-crypto', hasKernelRandom: true, sources: ['node-crypto'] },
  { given: undefined, hasKernelRandom: false, sources: ['node-crypto'] },
  { given: '', hasKernelRandom: false, sources: ['node-crypto'] },
  { given: 'node-crypto', hasKernelRandom: false, sources: ['node-crypto'] },
  { given: 'os', hasKernelRandom: false, sources: undefined },
  { given: 'node-crypto,os', hasKernelRandom: false, sources: undefined },
];
for (const { given, hasKernelRandom, sources } of TABLE) {
  const machine = hasKernelRandom ? 'with' : 'without';
  test(`ENTROPY_SOURCES=${given ?? '(unset)'} on a machine ${machine} a kernel device: ${sources ?? 'refused'}`, () => {
    const environment: Environment = { IAM_URL, ENTROPY_SOURCES: given };
    if (sources !== undefined) {
      assert.deepEqual(parseConfig(environment, { hasKernelRandom, readTextFile: String }).ENTROPY_SOURCES, sources);
      return;
    }
    assert.throws(
      () => parseConfig(environment, { hasKernelRandom, readTextFile: String }),
      new ConfigError(['ENTROPY_SOURCES names os, but this system has no kernel random device']),
    );
  });
}
