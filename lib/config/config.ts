import {
  accessKey,
  anyList,
  anyText,
  listOf,
  loopback,
  matching,
  oneOf,
  originUrl,
  projectId,
  securityToken,
  serviceUrl,
  type Variable,
  type WithDefault,
  wholeNumber,
  withDefault,
} from './forms.ts';
import { accessKeys, readGiven, type SecretFiles, staticTokens } from './secrets.ts';

/** Environment variables by name. An empty value counts as a missing one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine has, found out by the caller. */
export interface Machine extends SecretFiles {
  /** Whether the kernel's random device exists. */
  readonly hasKernelRandom: boolean;
  /** False where the AWS SDK is not packed beside this bundle. */
  readonly hasKmsChunk?: boolean;
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

/** The variables, in the order of the README's table, which a test holds to this one. */
const ENTRIES = {
  AUTH_METHODS: withDefault(listOf(['iam', 'static', 'aksk']), 'iam'),
  IAM_URL: serviceUrl,
  IAM_TIMEOUT_MS: withDefault(wholeNumber(50, 60_000), '2000'),
  IAM_ALLOWED_ROLES: anyList,
  IAM_SERVICE_USER: anyText,
  IAM_SERVICE_PASSWORD: anyText,
  IAM_SERVICE_DOMAIN: anyText,
  IAM_SERVICE_PROJECT: anyText,
  TOKEN_CACHE_TTL_SECONDS: withDefault(wholeNumber(0, 300), '300'),
  TOKEN_CACHE_ENTRIES: withDefault(wholeNumber(1, 1_000_000), '10000'),
  STATIC_TOKENS: staticTokens,
  AKSK_CREDENTIALS: accessKeys,
  ENTROPY_SOURCES: withDefault(listOf(['node-crypto', 'os', 'aws-kms', 'huawei-kms']), 'node-crypto,os'),
  ENTROPY_TIMEOUT_MS: withDefault(wholeNumber(50, 60_000), '2000'),
  ENTROPY_ON_FAILURE: withDefault(oneOf(['refuse', 'degrade']), 'refuse'),
  AWS_REGION: matching(/^[a-z0-9-]{1,64}$/, 'must be a region such as eu-central-1'),
  HUAWEI_KMS_URL: originUrl,
  HUAWEI_KMS_PROJECT_ID: projectId,
  HUAWEI_ACCESS_KEY: accessKey,
  HUAWEI_SECRET_KEY: anyText,
  HUAWEI_SECURITY_TOKEN: securityToken,
  ERROR_BODY: withDefault(oneOf(['documented', 'superset']), 'documented'),
  LOG_LEVEL: withDefault(oneOf(['debug', 'info', 'warn', 'error']), 'info'),
  RATE_LIMIT_PER_SECOND: wholeNumber(1, 1_000_000),
  SERVER_DOOR: withDefault(oneOf(['http', 'functiongraph-event', 'cloudevents']), 'http'),
  METRICS_PORT: wholeNumber(0, 65_535),
  MAX_IN_FLIGHT: withDefault(wholeNumber(1, 1_000_000), '1000'),
  SHUTDOWN_GRACE_SECONDS: withDefault(wholeNumber(0, 3_600), '10'),
  HOST: withDefault(anyText, '0.0.0.0'),
  PORT: withDefault(wholeNumber(0, 65_535), '8000'),
};

type ValueOf<V> =
  V extends WithDefault<infer Value> ? Value : V extends Variable<infer Value> ? Value | undefined : never;

export type Config = { readonly [Name in keyof typeof ENTRIES]: ValueOf<(typeof ENTRIES)[Name]> };

export const VARIABLES: { readonly entries: Readonly<Record<keyof typeof ENTRIES, Variable<unknown>>> } = {
  entries: ENTRIES,
};

/**
 * Reads the whole configuration once.
 *
 * @throws {ConfigError} with every problem, if there is one
 */
export function parseConfig(environment: Environment, machine: Machine): Config {
  const { given, fileProblems } = readGiven(Object.keys(VARIABLES.entries), environment, machine.readTextFile);
  if (!machine.hasKernelRandom) given.ENTROPY_SOURCES ??= 'node-crypto';
  const bad = new Map(fileProblems);
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES.entries)) {
    const text = given[name];
    if (text !== undefined) values[name] = variable.read(text);
    if (text !== undefined && values[name] === undefined) bad.set(name, `${name} ${variable.form}`);
    // Where one is wrong its default stands in, so that the rules between variables are looked at too.
    if (values[name] === undefined && variable.default !== undefined) values[name] = variable.read(variable.default);
  }
  const config = values as Config;
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
  if (sources.includes('aws-kms') && machine.hasKmsChunk === false) {
    problems.push('ENTROPY_SOURCES names aws-kms, but kms.js is not packed beside this bundle (--param=kms=on)');
  }
  if (config.METRICS_PORT !== undefined && config.METRICS_PORT === config.PORT && config.PORT !== 0) {
    problems.push('METRICS_PORT and PORT must differ');
  }
  if (sources.includes('os') && !machine.hasKernelRandom) {
    problems.push('ENTROPY_SOURCES names os, but this system has no kernel random device');
  }
  return problems;
}
