import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFile, KMS_CHUNKS, TARGETS } from '../../scripts/targets.ts';
import { budget, isBudgeted } from '../budgets.ts';
import type { Measurement } from '../measurement.ts';

const KILO = 1000;
/** Parts smaller than this share are summed up. */
const SMALL = 0.02;

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
    const meta = JSON.parse(readFileSync(join(artefacts, 'meta/lambda-http.json'), 'utf8')) as Metafile;
    const bars = partsOf(Object.values(meta.outputs).find(({ entryPoint }) => entryPoint !== undefined));
    return { rows, chart: { title: 'What the Lambda bundle is made of', unit: 'kB', bars } };
  },
};

/** Packages, and rooms of our own, by their kilobytes in a bundle; largest first. */
function partsOf(output: Metafile['outputs'][string] | undefined): Record<string, number> {
  if (output === undefined) throw new TypeError('the bundler names no entry point');
  const inputs = Object.entries(output.inputs).map(([path, { bytesInOutput }]) => ({
    part: partOf(path),
    bytesInOutput,
  }));
  const sums = Object.entries(Object.groupBy(inputs, ({ part }) => part)).map(([part, of = []]) => {
    return [part, of.reduce((sum, { bytesInOutput }) => sum + bytesInOutput, 0) / KILO] as const;
  });
  const large = sums.filter(([, kilobytes]) => kilobytes * KILO > output.bytes * SMALL);
  const rest = large.reduce((left, [, kilobytes]) => left - kilobytes, output.bytes / KILO);
  return Object.fromEntries([...large, ['smaller parts', rest] as const].toSorted(([, one], [, other]) => other - one));
}

/** The package, or the folder below `lib/`. */
function partOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return inPackage ?? /^lib\/[^/]+(?=\/)/.exec(path)?.[0] ?? 'files at the top';
}
