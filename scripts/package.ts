import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './bundle.ts';
import {
  bundleFile,
  FUNCTIONGRAPH_FOLDER,
  KMS_FILE,
  KMS_NOTICES_FILE,
  NOTICES_FILE,
  PACKAGE_FILE,
  TARGETS,
} from './targets.ts';
import { zipFiles } from './zip.ts';

const BOOTSTRAP = 'deploy/functiongraph-http/bootstrap';
const SERVER_ENTRY = 'handlers/server.ts';

const root = join(import.meta.dirname, '..');

await buildAll(root);

// The same parameter that packs the chunk for Lambda (`serverless.yml`): `npm run package -- --param=kms=on`.
const withKms = process.argv.some((argument) => /^(?:--param=)?kms=on$/.test(argument));
const kmsFiles = withKms ? [KMS_FILE, KMS_NOTICES_FILE] : [];

for (const target of TARGETS.filter(({ folder }) => folder === FUNCTIONGRAPH_FOLDER)) {
  const archive = `dist/${target.name}.zip`;
  // FunctionGraph's HTTP functions are started by a file of this name.
  const executables = target.entry === SERVER_ENTRY ? [join(root, BOOTSTRAP)] : [];
  const files = [bundleFile(target), PACKAGE_FILE, NOTICES_FILE, ...kmsFiles].map((n) => join(root, target.folder, n));
  const bytes = zipFiles(files, join(root, archive), executables);
  process.stdout.write(`${archive} ${bytes} bytes\n`);
}

rmSync(join(root, '.serverless'), { recursive: true, force: true });
const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
// Artefacts without settings can be looked at, not deployed: `serverless deploy` packages again, and checks.
const settings = process.env.IAM_URL || process.env.AUTH_METHODS ? [] : ['--param=settings=unchecked'];
// Arguments go through: `npm run package -- --stage prod`.
const parameters = [serverless, 'package', ...settings, ...process.argv.slice(2)];
execFileSync(process.execPath, parameters, { cwd: root, stdio: 'inherit' });
