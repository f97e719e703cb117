import assert from 'node:assert/strict';
import { type Config, ConfigError, type Environment, type Machine, parseConfig } from '../../lib/config/config.ts';

export const IAM_URL = 'https://iam.test/v3';

/** A configuration of a machine with a kernel device, unless it is said otherwise. */
export function configOf(environment: Environment, machine: Partial<Machine> = {}): Config {
  return parseConfig(environment, { hasKernelRandom: true, readTextFile: String, ...machine });
}

/** What is wrong with it, one sentence for each problem. */
export function problemsOf(environment: Environment, machine?: Partial<Machine>): readonly string[] {
  try {
    configOf(environment, machine);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

/** The variables that are wrong. */
export function problemNames(environment: Environment, machine?: Partial<Machine>): string[] {
  return problemsOf(environment, machine).map((problem) => problem.split(' ', 1)[0] ?? '');
}
