import { join } from 'node:path';
import type { Findings, Measurement } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { TOKEN } from '../support/project.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { runWorker } from '../support/worker.ts';

const ROUNDS = { full: 200, quick: 60 };
const BITS = [8, 64, 512, 1024, 2048, 4096, 8192];
const TOKENS = { full: [1, 10, 100, 1_000, 10_000], quick: [1, 100, 1_000] };

interface Medians {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

export const growth: Measurement = {
  name: 'growth',
  title: 'How an invocation grows',
  how: 'Warm invocations of the bundle with more bits, and with more tokens that take turns; each in turns with the bare handler.',
  isFullOnly: true,
  async measure({ artefacts, mode, scope }) {
    const iam = await startStubIam(scope);
    const measured = (kinds: Readonly<Record<string, readonly string[]>>): Promise<Medians> =>
      runWorker<Medians>({
        file: 'invocation-growth.ts',
        parameters: [join(artefacts, 'lambda/http.js'), String(ROUNDS[mode])],
        environment: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9', AUTH_METHODS: 'iam', IAM_URL: iam.url },
        message: kinds,
      });
    const bits = await measured(Object.fromEntries(BITS.map((count) => [`${count} bits`, [httpApiEvent(count)]])));
    const counts = TOKENS[mode];
    const tokens = await measured(Object.fromEntries(counts.map((count) => [`${count} tokens`, eventsOf(count)])));
    return findings(bits, tokens, counts);
  },
};

/** The tokens of a longer list begin with those of a shorter one: together they are no more than the cache remembers. */
function eventsOf(tokens: number): string[] {
  return Array.from({ length: tokens }, (_, index) => httpApiEvent(512, `${TOKEN}-${index}`));
}

function findings(bits: Medians, tokens: Medians, counts: readonly number[]): Findings {
  const points = (x: readonly number[], y: readonly number[]) => x.map((at, index) => [at, y[index] ?? 0] as const);
  const steepness = (index: number, of: Medians) => ((of.ours.at(index) ?? 0) - (of.ours[0] ?? 0)).toFixed(1);
  return {
    rows: [
      ...BITS.map((count, index) => row(`${count} bits`, bits, index)),
      ...counts.map((count, index) => row(`${count} tokens in turns`, tokens, index)),
    ],
    charts: [
      {
        kind: 'lines',
        title: 'Cost of an invocation over the bits that it draws',
        x: 'bits',
        unit: 'µs',
        series: [
          { label: 'gen-random', points: points(BITS, bits.ours) },
          { label: 'bare handler', points: points(BITS, bits.bare) },
        ],
      },
    ],
    notes: [
      `From 8 to 8192 bits ${steepness(-1, bits)} µs more; from 1 to ${counts.at(-1)} tokens ${steepness(-1, tokens)} µs more.`,
    ],
  };
}

function row(label: string, { ours, bare }: Medians, index: number) {
  const [value, floor] = [ours[index] ?? Number.NaN, bare[index] ?? Number.NaN];
  const ratio = value / floor;
  return {
    label,
    value,
    unit: 'µs',
    floor: { label: 'bare handler', value: floor },
    ratio: { ratio, quartiles: [ratio, ratio] as const, pairs: 1 },
  };
}
