import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run.ts';
import { ROOT } from './tools.ts';

/** A copy of what is deployed: packaging empties the `.serverless` that other checks read. */
export interface DeployedProject {
  readonly folder: string;
  /** Runs `serverless`. @returns its standard output @throws {Error} if it fails */
  readonly serverless: (
    parameters: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => Promise<string>;
  readonly remove: () => void;
}

/** `npm run build` comes first. */
export function copyProject(): DeployedProject {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-deploy-'));
  for (const name of ['serverless.yml', 'deploy/lambda', 'dist/lambda'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  const program = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  return {
    folder,
    serverless: (parameters, environment) =>
      runProgram({ command: process.execPath, parameters: [program, ...parameters], environment, cwd: folder }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
