import { join } from 'node:path';
import type { Findings, Measurement, Row, Setting } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { emptyFunction, STATIC_ENVIRONMENT } from '../support/project.ts';
import { type ColdStart, withColdFunction } from '../support/runtime-client.ts';
import { median, pairedRatio } from '../support/statistics.ts';
import { startStubIam } from '../support/stub-iam.ts';

const ROUNDS = { full: 61, quick: 25 };
/** Before the ones that count: the files are in the page cache then, as they are not on a platform's very first start. */
const WARM_UP_ROUNDS = 2;
const SUBJECTS = ['empty', 'crypto', 'static', 'iam'] as const;

const WHY =
  'Nothing that draws can do without node:crypto, and an empty handler that loads it and does nothing has spent the budget. Of the other 6 ms V8 takes 1.6 to compile ' +
  'the bundle; priming, which the first request gains, is 1.2; configuration 0.9; the sources with their start-up tests 0.8; what modules do as they are loaded 0.6; ' +
  'authentication 0.4. Tried and kept: no schema library (5 ms), no node:http (4 ms), a small cache (1 ms), health tests that skip what cannot matter (1 ms). ' +
  'Tried and left: an entry that requires the rest of the bundle, the start-up test in pieces (nothing), a cache of our own (0.2 ms).';

interface Timings {
  readonly initMs: number[];
  readonly firstMs: number[];
}

export const coldStart: Measurement = {
  name: 'cold-start',
  title: 'Cold start on Lambda, local entropy',
  how:
    'From the start of the process to its first question for work under the AWS runtime client, Node 24; then the first request. ' +
    'An empty handler, the function with static tokens and the function with an IAM on loopback take turns.',
  async measure(setting) {
    const iam = await startStubIam(setting.scope);
    const timings = await measureStarts(setting, iam.url);
    return findings(timings, iam.tookMs() / iam.asked());
  },
};

type AllTimings = Readonly<Record<(typeof SUBJECTS)[number], Timings>>;

async function measureStarts({ artefacts, mode }: Setting, iamUrl: string): Promise<AllTimings> {
  const folder = join(artefacts, 'lambda');
  const starts: Readonly<Record<(typeof SUBJECTS)[number], ColdStart>> = {
    empty: { folder: emptyFunction(artefacts), variables: {} },
    // Nothing that draws can do without it.
    crypto: { folder: emptyFunction(artefacts, 'node:crypto'), variables: {} },
    static: { folder, variables: STATIC_ENVIRONMENT },
    iam: { folder, variables: { AUTH_METHODS: 'iam', IAM_URL: iamUrl } },
  };
  const fresh = (): Timings => ({ initMs: [], firstMs: [] });
  const timings = { empty: fresh(), crypto: fresh(), static: fresh(), iam: fresh() };
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS[mode]; round += 1) {
    for (const subject of SUBJECTS) {
      const { initMs, firstMs } = await startOnce(starts[subject]);
      if (round < 0) continue;
      timings[subject].initMs.push(initMs);
      timings[subject].firstMs.push(firstMs);
    }
  }
  return timings;
}

function startOnce(start: ColdStart): Promise<{ initMs: number; firstMs: number }> {
  return withColdFunction(start, async ({ initMs, invoke }) => {
    const { body, tookMs } = await invoke(JSON.parse(httpApiEvent()));
    const { statusCode } = body as { readonly statusCode?: number };
    if (statusCode !== 200) throw new Error(`answered ${JSON.stringify(body)}`);
    return { initMs, firstMs: tookMs };
  });
}

function findings({ empty, crypto, static: withStatic, iam }: AllTimings, iamMs: number): Findings {
  const compared = (label: string, values: readonly number[], floors: readonly number[]): Row => ({
    label,
    value: median(values),
    unit: 'ms',
    floor: { label: 'empty handler', value: median(floors) },
    ratio: pairedRatio(values, floors),
  });
  const startBudget = (name: string, held: number) =>
    ({ name, of: 'ratio', bound: 'at most', limit: 1.1, tolerance: 0.1, missed: { held, why: WHY } }) as const;
  const moreMs = median(iam.firstMs.map((value, index) => value - (withStatic.firstMs[index] ?? Number.NaN))) - iamMs;
  return {
    rows: [
      {
        ...compared('start, static tokens', withStatic.initMs, empty.initMs),
        budget: startBudget('cold start, static tokens', 1.33),
      },
      { ...compared('start, IAM', iam.initMs, empty.initMs), budget: startBudget('cold start, IAM', 1.36) },
      compared('start, an empty handler that loads node:crypto', crypto.initMs, empty.initMs),
      {
        ...compared('first request, static tokens', withStatic.firstMs, empty.firstMs),
        budget: { name: 'first request, static tokens', of: 'ratio', bound: 'at most', limit: 2, tolerance: 0.05 },
      },
      {
        label: 'first request, IAM: more than with static tokens, without the IAM’s own time',
        value: moreMs,
        unit: 'ms',
        budget: { name: 'first request, IAM against static', of: 'value', bound: 'at most', limit: 15, tolerance: 0.5 },
      },
    ],
    charts: [
      {
        kind: 'bars',
        title: 'Cold start on Lambda: process start to first question for work',
        unit: 'ms',
        names: ['empty handler', 'empty handler that loads node:crypto', 'static tokens', 'IAM'],
        series: [
          {
            label: 'ms',
            points: [empty, crypto, withStatic, iam].map(({ initMs }, x) => [x, median(initMs)] as const),
          },
        ],
      },
    ],
  };
}
