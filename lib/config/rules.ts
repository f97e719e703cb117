import type { Machine } from '../entropy/descriptor.ts';
import { SOURCES } from '../entropy/sources.ts';
import type { Config } from './config.ts';

/** Names of variables whose own problem is known already, so that no rule adds to it. */
type Bad = ReadonlyMap<string, string>;

/** @returns a sentence for each rule between variables that is broken */
export function problemsBetween(config: Config, machine: Machine, bad: Bad): string[] {
  return [
    ...authenticationProblems(config, bad),
    ...sourceProblems(config, machine, bad),
    ...containerProblems(config, bad),
  ];
}

const NEEDED_BY_METHOD = { iam: 'IAM_URL', static: 'STATIC_TOKENS', aksk: 'AKSK_CREDENTIALS' } as const;

const ACCOUNT = ['IAM_SERVICE_USER', 'IAM_SERVICE_PASSWORD', 'IAM_SERVICE_DOMAIN', 'IAM_SERVICE_PROJECT'] as const;

function authenticationProblems(config: Config, bad: Bad): string[] {
  // The other doors ask for no credential. What a bad value was meant to be is anybody's guess.
  const asksNobody = config.SERVER_DOOR !== 'http' || bad.has('SERVER_DOOR') || bad.has('AUTH_METHODS');
  const methods = asksNobody ? [] : config.AUTH_METHODS;
  const problems = methods
    .filter((method) => isMissing(config, NEEDED_BY_METHOD[method], bad))
    .map((method) => `${NEEDED_BY_METHOD[method]} is missing; AUTH_METHODS with ${method} needs it`);
  const given = ACCOUNT.filter((name) => config[name] !== undefined);
  if (!bad.has('IAM_SERVICE_PASSWORD') && given.length > 0 && given.length < ACCOUNT.length) {
    problems.push(`${ACCOUNT.slice(0, -1).join(', ')} and ${ACCOUNT.at(-1)} must be set all or none`);
  }
  return problems;
}

function sourceProblems(config: Config, machine: Machine, bad: Bad): string[] {
  if (bad.has('ENTROPY_SOURCES')) return [];
  return SOURCES.filter(({ name }) => config.ENTROPY_SOURCES.includes(name)).flatMap((source) => {
    const missing = source.needs(config, machine).filter((name) => isMissing(config, name, bad));
    const problems = missing.map((name) => `${name} is missing; ENTROPY_SOURCES with ${source.name} needs it`);
    const obstacle = source.obstacle?.(machine);
    return obstacle === undefined ? problems : [...problems, `ENTROPY_SOURCES names ${source.name}, but ${obstacle}`];
  });
}

function containerProblems({ METRICS_PORT: metrics, PORT: port }: Config, bad: Bad): string[] {
  if (bad.has('PORT')) return [];
  return metrics !== undefined && metrics === port && port !== 0 ? ['METRICS_PORT and PORT must differ'] : [];
}

function isMissing(config: Config, name: keyof Config, bad: Bad): boolean {
  return config[name] === undefined && !bad.has(name);
}
