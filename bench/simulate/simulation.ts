import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../page.ts';
import { ROOT } from '../support/project.ts';

const ROW = /^\| (\w+) \| ([\d.,]+)(?: [^|]+)? \|/gm;

const guide = readFileSync(join(ROOT, 'docs/scale.md'), 'utf8');
const assumptions = new Map(
  [...guide.matchAll(ROW)].map(([, name = '', value = '']) => [name, Number(value.replaceAll(',', ''))]),
);

/** A number that was not measured here: docs/scale.md has it, with its source. @throws {TypeError} if it has not */
export function assumed(name: string): number {
  const value = assumptions.get(name);
  if (value === undefined) throw new TypeError(`docs/scale.md has no ${name} among its assumptions`);
  return value;
}

/** What the last full run says, in milliseconds and in requests for a second of the container's CPU. */
export function readMeasured({ results }: Pick<Results, 'results'>) {
  const figure = (measurement: string, label: string): number => {
    const rows = results.find(({ name }) => name === measurement)?.rows ?? [];
    const row = rows.find((candidate) => candidate.label === label);
    if (row === undefined) throw new TypeError(`the last run has no "${label}" of ${measurement}`);
    return row.value;
  };
  return {
    localCpuMs: figure('lambda-duration', 'local entropy'),
    kmsCpuMs: figure('lambda-duration', 'with AWS KMS'),
    initMs: figure('cold-start', 'start, IAM'),
    firstRequestMs: figure('cold-start', 'first request, static tokens'),
    perCpuSecond: figure('http-server', 'requests per CPU-second'),
  };
}

export type Measured = ReturnType<typeof readMeasured>;

const SHARE = assumed('memoryMegabytes') / assumed('lambdaCpuMegabytes');

/** Milliseconds of a warm invocation at the memory size assumed: its CPU, stretched, and the wait for KMS. */
export function warmMs({ localCpuMs, kmsCpuMs }: Measured, withKms: boolean): number {
  return withKms ? kmsCpuMs / SHARE + assumed('kmsAnswerMs') : localCpuMs / SHARE;
}

/**
 * Stretches of time with one rate, long enough for caches to fill and for idle instances to go.
 *
 * @param times the month of the assumptions, so many times over
 */
export function phasesOf(times: number) {
  const mean = { seconds: 600, perSecond: (assumed('requestsOfAMonth') / assumed('secondsOfAMonth')) * times };
  const peak = { seconds: 600, perSecond: mean.perSecond * assumed('peakOverMean') };
  const burst = { seconds: assumed('burstSeconds'), perSecond: peak.perSecond * assumed('burstOverPeak') };
  return [mean, peak, burst, mean] as const;
}

/** No platform says which idle instance takes a request: any of them, and always the fullest, are the two ends. */
export const HOSTS = ['function, any idle instance', 'function, fullest instance', 'container'] as const;
export const WITH_KMS = 'function, any idle instance, with KMS';

export interface Scenario {
  /** One of `HOSTS`, or `WITH_KMS`. */
  readonly host: string;
  readonly times: number;
  readonly tokens: number;
}

interface Instance {
  freeAt: number;
  /** Until when the answer of IAM for each token is remembered. */
  readonly knownUntil: Float64Array;
}

/**
 * A function's platform gives each request an instance of its own: an idle one, or else a new one. A container's host runs
 * as many instances as the rate of the phase needs, and gives any request to any of them.
 */
export function simulate({ host, times, tokens }: Scenario, measured: Measured) {
  const next = seededNumbers(1);
  const pick = (count: number) => Math.floor(next() * count);
  const warmSeconds = warmMs(measured, host === WITH_KMS) / 1000;
  const startSeconds = (measured.initMs + measured.firstRequestMs / SHARE) / 1000;
  const needs = { requests: 0, starts: 0, validations: 0, instances: 0 };
  let instances: Instance[] = [];

  const start = (freeAt: number): Instance => {
    const instance = { freeAt, knownUntil: new Float64Array(tokens).fill(Number.NEGATIVE_INFINITY) };
    needs.starts += 1;
    needs.instances = Math.max(needs.instances, instances.push(instance));
    return instance;
  };
  for (const [{ perSecond }, at] of arrivals(phasesOf(times), next)) {
    if (host === 'container') {
      const wanted = Math.ceil(perSecond / (measured.perCpuSecond * assumed('containerCpuUse')));
      instances = instances.slice(0, wanted);
      while (instances.length < wanted) start(Number.NEGATIVE_INFINITY);
    } else if (needs.requests % 1_000 === 0) {
      instances = instances.filter(({ freeAt }) => freeAt + assumed('functionIdleSeconds') > at);
    }
    needs.requests += 1;
    const idle = firstIdle(instances, at, host === 'function, fullest instance' ? 0 : pick(instances.length));
    const instance = idle ?? start(at);
    const token = pick(tokens);
    const isKnown = (instance.knownUntil[token] ?? 0) > at;
    if (!isKnown) {
      needs.validations += 1;
      instance.knownUntil[token] = at + assumed('tokenTtlSeconds');
    }
    if (host === 'container') continue;
    instance.freeAt = at + warmSeconds + (idle ? 0 : startSeconds) + (isKnown ? 0 : assumed('iamAnswerMs') / 1000);
  }
  return needs;
}

/** From a place on, the first that is idle. */
function firstIdle(instances: readonly Instance[], at: number, place: number): Instance | undefined {
  for (let step = 0; step < instances.length; step += 1) {
    const instance = instances[(place + step) % instances.length];
    if (instance !== undefined && instance.freeAt <= at) return instance;
  }
  return undefined;
}

/** Numbers from 0 to 1 that follow from a seed: the same simulation gives the same figures. (mulberry32) */
function seededNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Times of arrival in seconds, a Poisson process in each phase: callers do not wait for each other. */
function* arrivals(phases: ReturnType<typeof phasesOf>, next: () => number) {
  let startsAt = 0;
  for (const phase of phases) {
    const gap = () => -Math.log(1 - next()) / phase.perSecond;
    const endsAt = startsAt + phase.seconds;
    for (let at = startsAt + gap(); at < endsAt; at += gap()) yield [phase, at] as const;
    startsAt = endsAt;
  }
}
