import type { TestName } from '../../tests/statistics/battery.ts';

/** All that a run found; `docs/statistics/result.json` is one of these. */
export interface Result {
  /** Date of the run, UTC. */
  readonly date: string;
  readonly node: string;
  readonly openssl: string;
  readonly system: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly streams: readonly StreamResult[];
  readonly controls: readonly ControlResult[];
  readonly passed: boolean;
}

export interface StreamResult {
  readonly name: string;
  readonly bytes: number;
  /** Seconds of drawing, with the tests of the battery in between. */
  readonly drawnInSeconds: number;
  /** How often each value of a byte came. */
  readonly histogram: readonly number[];
  /** Ones minus zeros up to here, at even distances along the stream. */
  readonly balance: readonly number[];
  /** One for each part of the stream. */
  readonly battery: readonly PartResult[];
  readonly tools: ToolResults;
  readonly passed: boolean;
}

export type PartResult = Readonly<Record<TestName, number>>;

/** What the same tools said of bytes that are broken on purpose. */
export interface ControlResult {
  readonly name: string;
  readonly bytes: number;
  readonly battery: readonly TestName[];
  readonly tools: ToolResults;
}

export interface ToolResults {
  readonly rngtest: RngtestResult;
  readonly ent: EntResult;
  readonly dieharder: readonly DieharderResult[];
}

export interface RngtestResult {
  readonly blocks: number;
  readonly failures: number;
  /** More failures than these come by chance once in 10^9 runs. */
  readonly limit: number;
  readonly passed: boolean;
}

export interface EntResult {
  /** Bits a byte. */
  readonly entropy: number;
  /** How often random bytes exceed this chi-square, in percent. */
  readonly percent: number;
  readonly serialCorrelation: number;
  readonly passed: boolean;
}

export interface DieharderResult {
  readonly test: string;
  /** Samples, each of a p-value. */
  readonly samples: number;
  /** P-values of those samples' distribution; `sts_serial` has 31. */
  readonly pValues: readonly number[];
  /** The worst of them. `ABORTED`: dieharder itself broke down, as it does on a counter. `WEAK` was run once more on fresh bytes; this is then the second assessment. */
  readonly assessment: string;
  readonly isSecondRun: boolean;
}
