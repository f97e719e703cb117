import type { Outcome } from './functions.ts';
import { TokenCache } from './token-cache.ts';
import { arrivals, type Phase, seededNumbers } from './traffic.ts';

export interface ContainerOptions {
  readonly phases: readonly Phase[];
  /** Requests a second for which the autoscaler wants one instance. */
  readonly perInstance: number;
  /** Seconds for which an instance is kept after it is not wanted any more. */
  readonly idleSeconds: number;
  readonly tokens: number;
  readonly tokenTtlSeconds: number;
}

/** A host that gives many requests to each instance, any instance to each, and as many instances as the rate of the phase wants. */
export function simulateContainers(options: ContainerOptions): Outcome & { readonly instanceSeconds: number } {
  const next = seededNumbers(1);
  const pick = (count: number) => Math.floor(next() * count);
  const outcome = { requests: 0, starts: 0, validations: 0, mostInstances: 0, mostAtWork: 0, instanceSeconds: 0 };
  let caches: TokenCache[] = [];
  for (const phase of options.phases) {
    const wanted = Math.max(1, Math.ceil(phase.perSecond / options.perInstance));
    const kept = Math.max(0, caches.length - wanted);
    outcome.instanceSeconds += wanted * phase.seconds + kept * Math.min(options.idleSeconds, phase.seconds);
    outcome.starts += Math.max(0, wanted - caches.length);
    caches = Array.from({ length: wanted }, (_, index) => caches[index] ?? new TokenCache(options.tokens));
    outcome.mostInstances = Math.max(outcome.mostInstances, wanted);
    const startedAt = secondsBefore(options.phases, phase);
    for (const at of arrivals([phase], next)) {
      outcome.requests += 1;
      const cache = caches[pick(caches.length)];
      if (cache?.use(pick(options.tokens), startedAt + at, options.tokenTtlSeconds)) outcome.validations += 1;
    }
  }
  return { ...outcome, mostAtWork: outcome.mostInstances };
}

function secondsBefore(phases: readonly Phase[], phase: Phase): number {
  return phases.slice(0, phases.indexOf(phase)).reduce((sum, { seconds }) => sum + seconds, 0);
}
