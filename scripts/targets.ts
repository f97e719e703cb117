/** One bundle: complete in itself, with every dependency in it but the KMS chunk. */
export interface Target {
  readonly name: string;
  readonly entry: string;
  readonly folder: string;
  /** The Node that runs it, as esbuild writes it. */
  readonly node: string;
}

export const FUNCTIONGRAPH_FOLDER = 'dist/functiongraph';

const LAMBDA = { folder: 'dist/lambda', node: 'node24' };
/** With its newest documented Node. */
const FUNCTIONGRAPH = { folder: FUNCTIONGRAPH_FOLDER, node: 'node20.15' };
const SERVER_FOLDER = 'dist/server';

export const TARGETS: readonly Target[] = [
  { name: 'lambda-http', entry: 'handlers/http.ts', ...LAMBDA },
  { name: 'lambda-event', entry: 'handlers/event.ts', ...LAMBDA },
  { name: 'functiongraph-http', entry: 'handlers/http.ts', ...FUNCTIONGRAPH },
  { name: 'functiongraph-event', entry: 'handlers/event.ts', ...FUNCTIONGRAPH },
  // The server as FunctionGraph's HTTP function.
  { name: 'functiongraph-server', entry: 'handlers/server.ts', ...FUNCTIONGRAPH },
  { name: 'server', entry: 'handlers/server.ts', folder: SERVER_FOLDER, node: 'node24' },
];

/** The AWS SDK, beside the bundles that load it where `aws-kms` is configured. */
export interface KmsChunk extends Target {
  /** `chain`: the SDK's own, with profiles, containers and instances. `environment`: the environment's variables alone. */
  readonly credentials: 'chain' | 'environment';
}

const KMS_ENTRY = 'lib/entropy/aws-kms/kms-call.ts';

export const KMS_CHUNKS: readonly KmsChunk[] = [
  { name: 'lambda-kms', entry: KMS_ENTRY, ...LAMBDA, credentials: 'environment' },
  { name: 'functiongraph-kms', entry: KMS_ENTRY, ...FUNCTIONGRAPH, credentials: 'environment' },
  { name: 'server-kms', entry: KMS_ENTRY, folder: SERVER_FOLDER, node: 'node20.15', credentials: 'chain' },
];

/** What esbuild read for a bundle, for the tests that look into it. */
export const META_FOLDER = 'dist/meta';

/** Beside every bundle; Lambda and FunctionGraph take the `.js` for CommonJS by it. */
export const PACKAGE_FILE = 'package.json';
export const NOTICES_FILE = 'THIRD-PARTY-LICENSES.txt';

export const KMS_FILE = 'kms.js';
export const KMS_NOTICES_FILE = 'THIRD-PARTY-LICENSES-kms.txt';

export function bundleFile(target: Target): string {
  return target.entry === KMS_ENTRY ? KMS_FILE : target.entry.replace(/^.*\/(.+)\.ts$/, '$1.js');
}

/** Where the licences of what is in a bundle stand. */
export function noticesFile(target: Target): string {
  return target.entry === KMS_ENTRY ? KMS_NOTICES_FILE : NOTICES_FILE;
}
