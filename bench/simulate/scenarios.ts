import { assumed } from './assumptions.ts';
import { simulateContainers } from './containers.ts';
import { type Outcome, simulateFunctions } from './functions.ts';
import type { Measured } from './measured.ts';
import type { Phase } from './traffic.ts';

/** Long enough for caches to fill and for idle instances to go. */
const MEAN_SECONDS = 600;
const PEAK_SECONDS = 600;

/** @param times the month of the assumptions, so many times over */
export function phasesOf(times: number): readonly Phase[] {
  const mean = (assumed('requestsOfAMonth') / assumed('secondsOfAMonth')) * times;
  const peak = mean * assumed('peakOverMean');
  return [
    { seconds: MEAN_SECONDS, perSecond: mean },
    { seconds: PEAK_SECONDS, perSecond: peak },
    { seconds: assumed('burstSeconds'), perSecond: peak * assumed('burstOverPeak') },
    { seconds: MEAN_SECONDS, perSecond: mean },
  ];
}

/** Requests a second in the worst moment. */
export function burstRate(times: number): number {
  return Math.max(...phasesOf(times).map(({ perSecond }) => perSecond));
}

/** Milliseconds of a warm invocation at the memory size assumed: its CPU, stretched, and the wait for KMS. */
export function warmMs(measured: Measured, withKms: boolean): number {
  const share = assumed('memoryMegabytes') / assumed('lambdaCpuMegabytes');
  return withKms ? measured.kmsCpuMs / share + assumed('kmsAnswerMs') : measured.localCpuMs / share;
}

export const HOSTS = ['function, any idle instance', 'function, fullest instance', 'container'] as const;

export interface Scenario {
  readonly host: (typeof HOSTS)[number];
  readonly times: number;
  readonly tokens: number;
  readonly withKms: boolean;
}

export function simulate({ host, times, tokens, withKms }: Scenario, measured: Measured): Outcome {
  const phases = phasesOf(times);
  const tokenTtlSeconds = assumed('tokenTtlSeconds');
  if (host === 'container') {
    const perInstance = measured.perCpuSecond * assumed('containerCpuUse');
    const idleSeconds = assumed('containerIdleSeconds');
    return simulateContainers({ phases, perInstance, idleSeconds, tokens, tokenTtlSeconds });
  }
  const share = assumed('memoryMegabytes') / assumed('lambdaCpuMegabytes');
  return simulateFunctions({
    phases,
    warmSeconds: warmMs(measured, withKms) / 1000,
    startSeconds: (measured.initMs + measured.firstRequestMs / share) / 1000,
    iamSeconds: assumed('iamAnswerMs') / 1000,
    idleSeconds: assumed('functionIdleSeconds'),
    routing: host === 'function, any idle instance' ? 'any' : 'fullest',
    tokens,
    tokenTtlSeconds,
  });
}
