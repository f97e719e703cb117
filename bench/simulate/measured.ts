import type { Results } from '../results.ts';

/** What the last full run of the benchmarks says, in the units of the simulation. */
export interface Measured {
  /** Milliseconds of CPU of a warm invocation, runtime client included. */
  readonly localCpuMs: number;
  readonly kmsCpuMs: number;
  /** Milliseconds from the start of a process to its first question for work, and of its first request. */
  readonly initMs: number;
  readonly firstRequestMs: number;
  /** Requests that the container answers in a second of CPU. */
  readonly perCpuSecond: number;
}

export function readMeasured(results: Results): Measured {
  const figure = (measurement: string, label: string): number => {
    const result = results.results.find(({ name }) => name === measurement);
    const row = result?.rows.find((candidate) => candidate.label === label);
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
