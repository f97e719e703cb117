import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { copyProject } from '../support/project-copy.ts';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Packages the functions in a folder of their own: packaging empties `.serverless`, which other checks are reading.
 *
 * @returns the folder with what was written, gone after the test
 * @throws {Error} if the framework refuses
 */
export function packageLambda(
  t: TestContext,
  parameters: readonly string[],
  variables: Readonly<Record<string, string>> = { IAM_URL: 'https://iam.example.com/v3' },
): string {
  const { folder: service, remove } = copyProject();
  t.after(remove);
  const framework = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  execFileSync(process.execPath, [framework, 'package', ...parameters], {
    cwd: service,
    env: { ...variables, HOME: service, PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return join(service, '.serverless');
}
