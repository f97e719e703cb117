import * as v from 'valibot';
import { integer, list, loopback, optionalList, serviceUrl } from './config-values.ts';

/** Environment variables by name. An empty value counts as a missing one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine has, found out by the caller. */
export interface Machine {
  /** Whether the kernel's random device exists. */
  readonly hasKernelRandom: boolean;
}

/** All problems of a configuration, by variable name; values are never repeated. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** The variables, in the order of the README's table, which a test holds to this one. */
export const VARIABLES = v.object({
  AUTH_METHODS: list(['iam'], 'iam'),
  IAM_URL: v.optional(serviceUrl),
  IAM_TIMEOUT_MS: integer(50, 60_000, 2_000),
  IAM_ALLOWED_ROLES: optionalList,
  TOKEN_CACHE_TTL_SECONDS: integer(0, 300, 300),
  TOKEN_CACHE_ENTRIES: integer(1, 1_000_000, 10_000),
  ENTROPY_SOURCES: list(['node-crypto', 'os'], 'node-crypto,os'),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error'), 'info'),
  HOST: v.optional(v.string(), '0.0.0.0'),
  PORT: integer(0, 65_535, 8_000),
});

export type Config = Readonly<v.InferOutput<typeof VARIABLES>>;

/**
 * Reads the whole configuration once.
 *
 * @throws {ConfigError} with every problem, if there is one
 */
export function parseConfig(environment: Environment, machine: Machine): Config {
  const given = Object.fromEntries(
    Object.keys(VARIABLES.entries).flatMap((name) => {
      const value = environment[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  if (!machine.hasKernelRandom) given.ENTROPY_SOURCES ??= 'node-crypto';
  const parsed = v.safeParse(VARIABLES, given);
  const problems = parsed.success
    ? problemsBetween(parsed.output, machine)
    : parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(parsed.output);
}

function problemsBetween(config: Config, machine: Machine): string[] {
  const problems: string[] = [];
  if (config.AUTH_METHODS.includes('iam')) {
    if (config.IAM_URL === undefined) problems.push('IAM_URL is missing; AUTH_METHODS with iam needs it');
    else if (config.IAM_URL.startsWith('http:') && !loopback(new URL(config.IAM_URL).hostname)) {
      problems.push('IAM_URL must be https unless its host is loopback');
    }
  }
  if (config.ENTROPY_SOURCES.includes('os') && !machine.hasKernelRandom) {
    problems.push('ENTROPY_SOURCES names os, but this system has no kernel random device');
  }
  return problems;
}
