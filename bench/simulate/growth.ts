import { table } from '../markdown.ts';
import { number } from '../wording.ts';
import { assumed } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { burstRate, HOSTS, phasesOf, type Scenario, simulate } from './scenarios.ts';

/** The month of the assumptions, so many times over. */
export const GROWTH = [0.1, 1, 10];
/** Up to what one instance remembers. */
const TOKENS = [10, 1_000, 10_000];

export function needsTable(measured: Measured): string {
  const tokens = assumed('tokens');
  const scenarios: Scenario[] = HOSTS.map((host) => ({ host, times: 1, tokens, withKms: false }));
  scenarios.push({ host: HOSTS[0], times: 1, tokens, withKms: true });
  return table(
    ['', 'instances', 'at work', 'starts for a million requests', 'IAM validations for a million requests', 'a second'],
    scenarios.map((scenario) => {
      const { requests, starts, validations, mostInstances, mostAtWork } = simulate(scenario, measured);
      const seconds = phasesOf(1).reduce((total, phase) => total + phase.seconds, 0);
      return [
        scenario.withKms ? `${scenario.host}, with KMS` : scenario.host,
        ...[
          mostInstances,
          mostAtWork,
          perMillion(starts, requests),
          perMillion(validations, requests),
          validations / seconds,
        ].map(number),
      ];
    }),
  );
}

/** One cell of the growth table. */
export interface Grown {
  readonly host: string;
  readonly times: number;
  readonly tokens: number;
  readonly instances: number;
  /** For a million requests. */
  readonly validations: number;
}

/** Over the requests, then over the tokens. */
export function growthOf(measured: Measured): readonly Grown[] {
  const overRequests = GROWTH.map((times) => ({ times, tokens: assumed('tokens') }));
  const overTokens = TOKENS.map((tokens) => ({ times: 1, tokens }));
  return [...overRequests, ...overTokens].flatMap(({ times, tokens }) =>
    HOSTS.map((host) => {
      const { requests, validations, mostInstances } = simulate({ host, times, tokens, withKms: false }, measured);
      return { host, times, tokens, instances: mostInstances, validations: perMillion(validations, requests) };
    }),
  );
}

export function growthTable(growth: readonly Grown[]): string {
  return table(
    [
      'requests a month',
      'tokens',
      '',
      'instances',
      'within the default quota',
      'IAM validations for a million requests',
    ],
    growth.map(({ host, times, tokens, instances, validations }) => [
      billions(times),
      number(tokens),
      host,
      number(instances),
      isWithinQuota(host, times, instances) ? 'yes' : 'no',
      number(validations),
    ]),
  );
}

/** Lambda’s: of instances at work and of requests a second. A container has none. */
function isWithinQuota(host: string, times: number, instances: number): boolean {
  if (host === 'container') return true;
  return instances <= assumed('lambdaConcurrency') && burstRate(times) <= assumed('lambdaRequestQuota');
}

function perMillion(count: number, requests: number): number {
  return (count / requests) * 1e6;
}

/** Requests of a month in words. */
export function billions(times: number): string {
  const requests = assumed('requestsOfAMonth') * times;
  return requests >= 1e9 ? `${number(requests / 1e9)} billion` : `${number(requests / 1e6)} million`;
}
