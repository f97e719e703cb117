import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createMix, type MixOptions } from '../../lib/entropy/mix.ts';
import type { TestedLocal, TestedRemote } from '../../lib/entropy/tested-source.ts';
import { assertRefused } from './refusals.ts';
import { type Give, good, isZeroed, testedLocal, testedRemote } from './scripted-sources.ts';

/** A source of a test: what the mix takes, and the arrays that it gave to it. */
interface Part {
  readonly tested: TestedLocal | TestedRemote;
  readonly given: () => readonly Uint8Array[];
}

function mixOf(parts: readonly Part[], onFailure: MixOptions['onFailure']) {
  return createMix({ sources: parts.map(({ tested }) => tested), onFailure, timeoutMs: 1_000 });
}

function assertAllZeroed(parts: readonly Part[]): void {
  for (const { given } of parts) {
    for (const bytes of given()) assert.ok(isZeroed(bytes));
  }
}

/** Two sources of which the second repeats what the first gave, at every draw. */
const PAIRS: readonly (readonly [name: string, make: (give: Give) => Promise<Part[]>])[] = [
  ['two local sources', async (give) => [testedLocal('a', give), testedLocal('b', give)]],
  ['a remote and a local source', async (give) => [await testedRemote('a', give), testedLocal('b', give)]],
  ['two remote sources', async (give) => [await testedRemote('a', give), await testedRemote('b', give)]],
];

for (const onFailure of ['refuse', 'degrade'] as const) {
  suite(`equal bytes under ${onFailure}`, () => {
    for (const [name, make] of PAIRS) {
      for (const length of [16, 17, 1024]) {
        test(`of ${name}, ${length} of them: nothing is drawn, and they are zeroed`, async () => {
          const bytes = good(length);
          const parts = [...(await make(() => bytes.slice())), testedLocal('c', good)];
          const mix = mixOf(parts, onFailure);
          await assertRefused(() => mix(length), 'entropy-unhealthy', /^sources-equal$/);
          assertAllZeroed(parts);
        });
      }

      test(`of ${name}, 15 of them: drawn, for so few may be equal by chance`, async () => {
        const bytes = good(15);
        const drawn = await mixOf(await make(() => bytes.slice()), onFailure)(15);
        assert.deepEqual(drawn, { bytes: new Uint8Array(15), sources: ['a', 'b'], omitted: [] });
      });
    }
  });
}
