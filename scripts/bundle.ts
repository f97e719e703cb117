import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { thirdPartyNotices } from './notices.ts';
import {
  bundleFile,
  KMS_CHUNKS,
  KMS_FILE,
  type KmsChunk,
  META_FOLDER,
  noticesFile,
  PACKAGE_FILE,
  TARGETS,
  type Target,
} from './targets.ts';

/** Writes the folders of `dist/` anew: the same sources give the same bytes. */
export async function buildAll(root: string) {
  // Not all of `dist/`: the archives beside these folders are of the last `npm run package`.
  for (const { folder } of TARGETS) rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, META_FOLDER), { recursive: true });
  const inputs = new Map<string, Set<string>>();
  const bundles: { readonly file: string; readonly bytes: number }[] = [];
  for (const target of [...TARGETS, ...KMS_CHUNKS]) {
    const { inputs: read, ...bundle } = await bundleTarget(root, target);
    const notices = `${target.folder}/${noticesFile(target)}`;
    inputs.set(notices, new Set([...(inputs.get(notices) ?? []), ...read]));
    bundles.push(bundle);
    writeFileSync(join(root, target.folder, PACKAGE_FILE), '{"type":"commonjs"}\n');
  }
  for (const [notices, files] of inputs) writeFileSync(join(root, notices), thirdPartyNotices(root, files));
  return bundles;
}

async function bundleTarget(root: string, target: Target | KmsChunk) {
  const file = `${target.folder}/${bundleFile(target)}`;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [target.entry],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: target.node,
    // The ES module of a package shakes better than its CommonJS twin: a third of the size with an SDK.
    mainFields: ['module', 'main'],
    // `import()` left in CommonJS loads a builtin as an ES module: 10 to 20 ms slower on Node 22 and 24.
    supported: { 'dynamic-import': false },
    alias: 'credentials' in target && target.credentials === 'environment' ? ENVIRONMENT_CREDENTIALS : {},
    plugins: [kmsChunkBeside, statusPhrases],
    legalComments: 'eof',
    // Read by people with a stack trace in hand; loading it costs the function 3 to 29 ms.
    sourcemap: 'external',
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(root, META_FOLDER, `${target.name}.json`), JSON.stringify(metafile));
  return { file, bytes: metafile.outputs[file]?.bytes ?? 0, inputs: Object.keys(metafile.inputs) };
}

const ENVIRONMENT_CREDENTIALS = {
  '@aws-sdk/credential-provider-node': './lib/entropy/aws-kms/environment-credentials.ts',
};

/** middy's helpers load `node:http` for its reason phrases alone, which costs a function 4 ms of its start. */
const statusPhrases: Plugin = {
  name: 'status-phrases',
  setup({ initialOptions, onResolve }) {
    const path = join(initialOptions.absWorkingDir ?? '', 'lib/http/status-phrases.ts');
    onResolve({ filter: /^node:http$/ }, ({ importer }) =>
      importer.includes('/node_modules/@middy/util/') ? { path } : undefined,
    );
  },
};

/** esbuild cannot split CommonJS: what is imported when it is needed is a bundle of its own, required from beside. */
const kmsChunkBeside: Plugin = {
  name: 'kms-chunk-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\/kms-call\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${KMS_FILE}`, external: true } : undefined,
    );
  },
};
