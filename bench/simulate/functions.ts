import { TokenCache } from './token-cache.ts';
import { arrivals, type Phase, seededNumbers } from './traffic.ts';

export interface FunctionOptions {
  readonly phases: readonly Phase[];
  /** Seconds of a request on a warm instance, and what the first one of an instance and a validation take on top. */
  readonly warmSeconds: number;
  readonly startSeconds: number;
  readonly iamSeconds: number;
  /** Seconds without a request after which an instance is taken away. */
  readonly idleSeconds: number;
  readonly tokens: number;
  readonly tokenTtlSeconds: number;
  /** Which of the idle instances takes a request. No platform says; these are the two ends of what it can be. */
  readonly routing: 'any' | 'fullest';
}

export interface Outcome {
  readonly requests: number;
  readonly starts: number;
  readonly validations: number;
  readonly mostInstances: number;
  readonly mostAtWork: number;
}

interface Instance {
  freeAt: number;
  readonly cache: TokenCache;
}

/**
 * A platform that gives each request an instance of its own while it is at work, an idle one or else a new one. Taking any idle one keeps
 * all of them alive and asks IAM most often; taking always the same ones lets the others go.
 */
export function simulateFunctions(options: FunctionOptions): Outcome {
  const next = seededNumbers(1);
  const pick = (count: number) => Math.floor(next() * count);
  let instances: Instance[] = [];
  const outcome = { requests: 0, starts: 0, validations: 0, mostInstances: 0, mostAtWork: 0 };
  for (const at of arrivals(options.phases, next)) {
    if (outcome.requests % SWEEP_EVERY === 0) {
      instances = instances.filter(({ freeAt }) => freeAt + options.idleSeconds > at);
    }
    outcome.requests += 1;
    const idle = firstIdle(instances, at, options.routing === 'any' ? pick(instances.length) : 0);
    const instance = idle ?? { freeAt: 0, cache: new TokenCache(options.tokens) };
    let seconds = options.warmSeconds;
    if (idle === undefined) {
      instances.push(instance);
      outcome.starts += 1;
      seconds += options.startSeconds;
      outcome.mostAtWork = Math.max(outcome.mostAtWork, instances.filter(({ freeAt }) => freeAt > at).length + 1);
      outcome.mostInstances = Math.max(outcome.mostInstances, instances.length);
    }
    if (instance.cache.use(pick(options.tokens), at, options.tokenTtlSeconds)) {
      outcome.validations += 1;
      seconds += options.iamSeconds;
    }
    instance.freeAt = at + seconds;
  }
  return outcome;
}

const SWEEP_EVERY = 1_000;

/** From a place on, the first that is idle. */
function firstIdle(instances: readonly Instance[], at: number, place: number): Instance | undefined {
  for (let step = 0; step < instances.length; step += 1) {
    const instance = instances[(place + step) % instances.length];
    if (instance !== undefined && instance.freeAt <= at) return instance;
  }
  return undefined;
}
