import { join } from 'node:path';
import { copyProject } from '../support/project-copy.ts';
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

export function createDeployedProject(): DeployedProject {
  const { folder, remove } = copyProject();
  const program = join(ROOT, 'node_modules/serverless/bin/serverless.js');
  return {
    folder,
    serverless: (parameters, environment) =>
      runProgram({ command: process.execPath, parameters: [program, ...parameters], environment, cwd: folder }),
    remove,
  };
}
