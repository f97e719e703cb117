import * as v from 'valibot';
import { accessKeys, readGiven, type SecretFiles, staticTokens } from './config-secrets.ts';
import {
  accessKey,
  integer,
  list,
  loopback,
  optionalList,
  originUrl,
  projectId,
  securityToken,
  serviceUrl,
  wholeNumber,
} from './config-values.ts';

/** Environment variables by name. An empty value counts as a missing one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine has, found out by the caller. */
export interface Machine extends SecretFiles {
  /** Whether the kernel's random device exists. */
  readonly hasKernelRandom: boolean;
  /** Whether the platform hands out temporary keys for Huawei's KMS. */
  readonly hasAgencyKeys?: boolean;
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

const DOORS = ['http', 'functiongraph-event', 'cloudevents'] as const;

/** The variables, in the order of the README's table, which a test holds to this one. */
export const VARIABLES = v.object({
  AUTH_METHODS: list(['iam', 'static', 'aksk'], 'iam'),
  IAM_URL: v.optional(serviceUrl),
  IAM_TIMEOUT_MS: integer(50, 60_000, 2_000),
  IAM_ALLOWED_ROLES: optionalList,
  IAM_SERVICE_USER: v.optional(v.string()),
  IAM_SERVICE_PASSWORD: v.optional(v.string()),
  IAM_SERVICE_DOMAIN: v.optional(v.string()),
  IAM_SERVICE_PROJECT: v.optional(v.string()),
  TOKEN_CACHE_TTL_SECONDS: integer(0, 300, 300),
  TOKEN_CACHE_ENTRIES: integer(1, 1_000_000, 10_000),
  STATIC_TOKENS: v.optional(staticTokens),
  AKSK_CREDENTIALS: v.optional(accessKeys),
  ENTROPY_SOURCES: list(['node-crypto', 'os', 'aws-kms', 'huawei-kms'], 'node-crypto,os'),
  ENTROPY_TIMEOUT_MS: integer(50, 60_000, 2_000),
  ENTROPY_ON_FAILURE: v.optional(v.picklist(['refuse', 'degrade'], 'must be refuse or degrade'), 'refuse'),
  AWS_REGION: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/, 'must be a region such as eu-central-1'))),
  HUAWEI_KMS_URL: v.optional(originUrl),
  HUAWEI_KMS_PROJECT_ID: v.optional(projectId),
  HUAWEI_ACCESS_KEY: v.optional(accessKey),
  HUAWEI_SECRET_KEY: v.optional(v.string()),
  HUAWEI_SECURITY_TOKEN: v.optional(securityToken),
  ERROR_BODY: v.optional(v.picklist(['documented', 'superset'], 'must be documented or superset'), 'documented'),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error'), 'info'),
  RATE_LIMIT_PER_SECOND: v.optional(wholeNumber(1, 1_000_000)),
  SERVER_DOOR: v.optional(v.picklist(DOORS, `must be ${DOORS.join(' or ')}`), 'http'),
  METRICS_PORT: v.optional(wholeNumber(0, 65_535)),
  MAX_IN_FLIGHT: integer(1, 1_000_000, 1_000),
  SHUTDOWN_GRACE_SECONDS: integer(0, 3_600, 10),
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
  const { given, fileProblems } = readGiven(Object.keys(VARIABLES.entries), environment, machine.readTextFile);
  if (!machine.hasKernelRandom) given.ENTROPY_SOURCES ??= 'node-crypto';
  const bad = new Map(fileProblems);
  for (const issue of v.safeParse(VARIABLES, given).issues ?? []) {
    const name = String(issue.path?.[0].key);
    bad.set(name, `${name} ${issue.message}`);
    delete given[name];
  }
  // Every variable is optional to the schema, so that what is left can be read and held to the rules between variables too.
  const config = v.parse(VARIABLES, given);
  const problems = [...bad.values(), ...problemsBetween(config, machine, bad)];
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function problemsBetween(config: Config, machine: Machine, bad: ReadonlyMap<string, string>): string[] {
  const { IAM_URL: iamUrl } = config;
  const needed = [
    { name: 'IAM_URL', by: 'iam' },
    { name: 'STATIC_TOKENS', by: 'static' },
    { name: 'AKSK_CREDENTIALS', by: 'aksk' },
  ] as const;
  // The other doors ask for no credential.
  const methods = config.SERVER_DOOR === 'http' ? config.AUTH_METHODS : [];
  const problems: string[] = needed
    .filter(({ name, by }) => methods.includes(by) && config[name] === undefined && !bad.has(name))
    .map(({ name, by }) => `${name} is missing; AUTH_METHODS with ${by} needs it`);
  if (iamUrl?.startsWith('http:') && !loopback(new URL(iamUrl).hostname)) {
    problems.push('IAM_URL must be https unless its host is loopback');
  }
  const account = [
    config.IAM_SERVICE_USER,
    config.IAM_SERVICE_PASSWORD,
    config.IAM_SERVICE_DOMAIN,
    config.IAM_SERVICE_PROJECT,
  ];
  if (!bad.has('IAM_SERVICE_PASSWORD') && new Set(account.map((value) => value === undefined)).size > 1) {
    problems.push(
      'IAM_SERVICE_USER, IAM_SERVICE_PASSWORD, IAM_SERVICE_DOMAIN and IAM_SERVICE_PROJECT must be set all or none',
    );
  }
  problems.push(...entropyProblems(config, machine, bad));
  return problems;
}

function entropyProblems(config: Config, machine: Machine, bad: ReadonlyMap<string, string>): string[] {
  const { ENTROPY_SOURCES: sources, HUAWEI_KMS_URL: kmsUrl } = config;
  const hasOwnKey = config.HUAWEI_ACCESS_KEY !== undefined || config.HUAWEI_SECRET_KEY !== undefined;
  const needsOwnKeys = hasOwnKey || machine.hasAgencyKeys !== true;
  const ownKeys = [
    { name: 'HUAWEI_ACCESS_KEY', by: 'huawei-kms' },
    { name: 'HUAWEI_SECRET_KEY', by: 'huawei-kms' },
  ] as const;
  const needed = [
    { name: 'AWS_REGION', by: 'aws-kms' },
    { name: 'HUAWEI_KMS_URL', by: 'huawei-kms' },
    { name: 'HUAWEI_KMS_PROJECT_ID', by: 'huawei-kms' },
    ...(needsOwnKeys ? ownKeys : []),
  ] as const;
  const problems: string[] = needed
    .filter(({ name, by }) => sources.includes(by) && config[name] === undefined && !bad.has(name))
    .map(({ name, by }) => `${name} is missing; ENTROPY_SOURCES with ${by} needs it`);
  if (kmsUrl?.startsWith('http:') && !loopback(new URL(kmsUrl).hostname)) {
    problems.push('HUAWEI_KMS_URL must be https unless its host is loopback');
  }
  if (sources.includes('os') && !machine.hasKernelRandom) {
    problems.push('ENTROPY_SOURCES names os, but this system has no kernel random device');
  }
  return problems;
}
