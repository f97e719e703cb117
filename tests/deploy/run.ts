import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Program } from '../compat/processes.ts';

/** A deployment to an emulated cloud takes its time where other checks run beside it. */
const LIMIT_MS = 240_000;

/** Runs a program to its end. @returns its standard output @throws {Error} with its standard error, if it fails */
export async function runProgram({ command, parameters, environment, cwd }: Program): Promise<string> {
  const { stdout } = await promisify(execFile)(command, parameters, { env: environment, cwd, timeout: LIMIT_MS });
  return stdout;
}
