import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFile, KMS_CHUNKS, TARGETS } from '../../scripts/targets.ts';
import { budget, isBudgeted } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';
import { partsOf } from '../support/turns.ts';

const KILO = 1000;

export const bundle: Measurement = {
  name: 'bundle',
  title: 'Size of the artefacts',
  async measure({ artefacts }) {
    const rows = [...TARGETS, ...KMS_CHUNKS].map((target) => {
      const file = `${target.folder}/${bundleFile(target)}`;
      const value = statSync(join(artefacts, file.replace(/^dist\//, ''))).size / KILO;
      const limit = isBudgeted(file) ? { budget: budget(file) } : {};
      return { label: `${file} (${target.name})`, value, unit: 'kB', ...limit };
    });
    const bars = contentsOf(JSON.parse(readFileSync(join(artefacts, 'meta/lambda-http.json'), 'utf8')));
    return { rows, chart: { title: 'What the Lambda bundle is made of', unit: 'kB', bars } };
  },
};

/** Packages, and rooms of our own, by their kilobytes in a bundle. */
function contentsOf({ outputs }: Metafile): Readonly<Record<string, number>> {
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  const sums: Record<string, number> = {};
  for (const [path, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const part = partOf(path);
    sums[part] = (sums[part] ?? 0) + bytesInOutput / KILO;
  }
  return partsOf((output?.bytes ?? 0) / KILO, sums);
}

/** The package, or the folder below `lib/`. */
function partOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? /^lib\/[^/]+(?=\/)/.exec(path)?.[0] ?? 'files at the top';
}
