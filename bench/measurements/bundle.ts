import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { bundleFile, KMS_CHUNKS, TARGETS, type Target } from '../../scripts/targets.ts';
import type { Budget, Measurement, Row } from '../measurement.ts';

const WHY =
  '45 kB are our own: IAM, signatures, two KMS, a sentence for every mistake in a configuration, the error catalogue. middy has 5.3, the cache 5.6. Tried and kept: no schema ' +
  'library, a small cache, no header normaliser (29 kB together). Not done: files that are loaded where they are configured, which would bring http.js below 40 kB and ' +
  'nothing to those who load them, as everybody does who validates tokens; shortened names of properties, which nobody could read in a stack trace.';
const HTTP_KILOBYTES = 60;

const KILO = 1000;
const UNIT = 'kB';
/** Kilobytes. Only the functions have a budget: a container is not started for each request. */
const LIMITS: Readonly<Record<string, number>> = {
  'lambda-http': 40,
  'functiongraph-http': 40,
  'lambda-kms': 200,
  'functiongraph-kms': 200,
};
/** Parts smaller than this are summed up. */
const SMALL_SHARE = 0.02;

export const bundle: Measurement = {
  name: 'bundle',
  title: 'Size of the artefacts',
  how: 'Size of the minified bundles, and what takes them by the bundler’s own account. The AWS SDK is a file of its own, loaded only where it is configured.',
  async measure({ artefacts }) {
    const rows = [...TARGETS, ...KMS_CHUNKS].map((target) => sizeRow(artefacts, target));
    const parts = partsOf(artefacts, 'lambda-http');
    return {
      rows,
      charts: [
        {
          kind: 'bars',
          title: 'What the Lambda bundle is made of',
          unit: UNIT,
          names: parts.map(([name]) => name),
          series: [{ label: UNIT, points: parts.map(([, bytes], index) => [index, bytes / KILO] as const) }],
        },
      ],
    };
  },
};

function sizeRow(artefacts: string, target: Target): Row {
  const file = `${target.folder}/${bundleFile(target)}`;
  const kilobytes = statSync(join(artefacts, file.replace(/^dist\//, ''))).size / KILO;
  const limit = LIMITS[target.name];
  const budget: Budget | undefined =
    limit === undefined
      ? undefined
      : { name: file, of: 'value', bound: 'at most', limit, tolerance: 0, ...missed(file) };
  return { label: `${file} (${target.name})`, value: kilobytes, unit: UNIT, ...(budget && { budget }) };
}

function missed(file: string): Pick<Budget, 'missed'> {
  return file.endsWith('http.js') ? { missed: { held: HTTP_KILOBYTES, why: WHY } } : {};
}

/** Packages, and rooms of our own, by their bytes in a bundle; largest first. */
function partsOf(artefacts: string, name: string): readonly (readonly [string, number])[] {
  const { outputs } = JSON.parse(readFileSync(join(artefacts, 'meta', `${name}.json`), 'utf8')) as Metafile;
  const output = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output === undefined) throw new TypeError(`no entry point in the account of ${name}`);
  const sums = new Map<string, number>();
  const add = (part: string, bytes: number) => sums.set(part, (sums.get(part) ?? 0) + bytes);
  for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) add(partOf(input), bytesInOutput);
  const wrapping = output.bytes - [...sums.values()].reduce((sum, bytes) => sum + bytes, 0);
  add('smaller parts', wrapping);
  for (const [part, bytes] of [...sums]) {
    if (part === 'smaller parts' || bytes > output.bytes * SMALL_SHARE) continue;
    sums.delete(part);
    add('smaller parts', bytes);
  }
  return [...sums].sort(([, left], [, right]) => right - left);
}

/** The package, the folder below `lib/`, or `lib` for the files that stand in it. */
function partOf(input: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
  if (inPackage !== undefined) return inPackage;
  const [, room] = /^lib\/([^/]+)\//.exec(input) ?? [];
  if (room !== undefined) return `lib/${room}`;
  return input.startsWith('lib/config')
    ? 'lib/config'
    : input.startsWith('lib/')
      ? 'lib (files at the top)'
      : 'handlers';
}
