import type { Machine as SourceMachine } from '../entropy/descriptor.ts';
import { SOURCE_NAMES, SOURCE_VARIABLES } from '../entropy/sources.ts';
import {
  anyList,
  anyText,
  basePath,
  listOf,
  oneOf,
  serviceUrl,
  type ValuesOf,
  type Variables,
  Wrong,
  wholeNumber,
  withDefault,
} from '../forms.ts';
import { type ProxySettings, readProxy } from '../outbound/proxy.ts';
import { problemsBetween } from './rules.ts';
import { accessKeys, readGiven, SECRETS, type SecretFiles, staticTokens } from './secrets.ts';
import { typosIn } from './typos.ts';

/** Environment variables by name. An empty value counts as a missing one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine has, found out by the caller. */
export interface Machine extends SourceMachine, SecretFiles {
  /** False where this Node's agents cannot use a proxy. */
  readonly hasProxySupport?: boolean;
}

/** All problems of a configuration, one a line, by variable name; values are never repeated. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['configuration:', ...problems].join('\n  '));
    this.problems = problems;
  }
}

/** In the order of the README's table, which a test holds to this one. */
export const VARIABLES = {
  AUTH_METHODS: withDefault(listOf(['iam', 'static', 'aksk']), 'iam'),
  IAM_URL: serviceUrl,
  IAM_TIMEOUT_MS: withDefault(wholeNumber(50, 60_000), '2000'),
  IAM_ALLOWED_ROLES: anyList,
  IAM_SERVICE_USER: anyText,
  IAM_SERVICE_PASSWORD: anyText,
  IAM_SERVICE_DOMAIN: anyText,
  IAM_SERVICE_PROJECT: anyText,
  TOKEN_REFUSED_STATUS: withDefault(oneOf(['403', '401']), '403'),
  BASE_PATH: basePath,
  TRUSTED_PROXY_HOPS: withDefault(wholeNumber(0, 16), '0'),
  TOKEN_CACHE_TTL_SECONDS: withDefault(wholeNumber(0, 300), '300'),
  TOKEN_CACHE_ENTRIES: withDefault(wholeNumber(1, 1_000_000), '10000'),
  STATIC_TOKENS: staticTokens,
  AKSK_CREDENTIALS: accessKeys,
  ENTROPY_SOURCES: withDefault(listOf(SOURCE_NAMES), 'node-crypto,os'),
  ENTROPY_TIMEOUT_MS: withDefault(wholeNumber(50, 60_000), '2000'),
  ENTROPY_ON_FAILURE: withDefault(oneOf(['refuse', 'degrade']), 'refuse'),
  ...SOURCE_VARIABLES,
  ERROR_BODY: withDefault(oneOf(['documented', 'superset']), 'documented'),
  LOG_LEVEL: withDefault(oneOf(['debug', 'info', 'warn', 'error']), 'info'),
  RATE_LIMIT_PER_SECOND: wholeNumber(1, 1_000_000),
  SERVER_DOOR: withDefault(oneOf(['http', 'functiongraph-event', 'cloudevents']), 'http'),
  METRICS_PORT: wholeNumber(0, 65_535),
  MAX_IN_FLIGHT: withDefault(wholeNumber(1, 1_000_000), '1000'),
  SHUTDOWN_GRACE_SECONDS: withDefault(wholeNumber(0, 3_600), '10'),
  HOST: withDefault(anyText, '0.0.0.0'),
  PORT: withDefault(wholeNumber(0, 65_535), '8000'),
} satisfies Variables;

export type Config = ValuesOf<typeof VARIABLES> & {
  /** Undefined where nothing goes through a proxy. */
  readonly proxy: ProxySettings | undefined;
};

/**
 * Reads the whole configuration once.
 *
 * @throws {ConfigError} with every problem, if there is one
 */
export function parseConfig(environment: Environment, machine: Machine): Config {
  const { given, fileProblems } = readGiven(Object.keys(VARIABLES), environment, machine.readTextFile);
  if (!machine.hasKernelRandom) given.ENTROPY_SOURCES ??= 'node-crypto';
  const bad = new Map(fileProblems);
  const values: Record<string, unknown> = {};
  const variables: Variables = VARIABLES;
  for (const [name, variable] of Object.entries(variables)) {
    const text = given[name];
    const value = text === undefined ? undefined : variable.read(text);
    if (value instanceof Wrong) bad.set(name, `${name} ${value.what}; it ${variable.form}`);
    else if (value !== undefined) values[name] = value;
    else if (text !== undefined) bad.set(name, `${name} ${variable.form}`);
    // Where one is wrong its default stands in, so that the rules between variables are looked at too.
    if (values[name] === undefined && variable.default !== undefined) values[name] = variable.read(variable.default);
  }
  const proxy = readProxy(environment, machine.hasProxySupport ?? true);
  const config = { ...values, proxy: proxy.settings } as Config;
  const ours = [...Object.keys(variables), ...SECRETS.map((name) => `${name}_FILE`)];
  const problems = [
    ...typosIn(environment, ours),
    ...bad.values(),
    ...proxy.problems,
    ...problemsBetween(config, machine, bad),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}
