import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Packages the built functions in a folder of their own: packaging empties `.serverless`, which other checks are reading.
 *
 * @returns the folder with what was written, gone after the test
 * @throws {Error} if the framework refuses
 */
export function packageLambda(
  t: TestContext,
  parameters: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): string {
  const service = mkdtempSync(join(tmpdir(), 'gen-random-package-'));
  t.after(() => rmSync(service, { recursive: true }));
  for (const name of ['serverless.yml', 'deploy/lambda', 'dist/lambda'])
    cpSync(join(ROOT, name), join(service, name), { recursive: true });
  const framework = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  execFileSync(process.execPath, [framework, 'package', ...parameters], {
    cwd: service,
    env: { ...variables, HOME: service, PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return join(service, '.serverless');
}
