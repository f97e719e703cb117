import { join } from 'node:path';
import type { Measurement } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { median, pairedRatio } from '../support/statistics.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { runWorker } from '../support/worker.ts';

const PROCESSES = { full: 7, quick: 3 };
const ROUNDS_OF_A_PROCESS = '200';

const WHY =
  'Of 9 µs the two sources take 2.4, of which the bare handler has one with 1.5; their health tests 0.9, most of it the digest of a block of each; middy’s JSON parser with its guard ' +
  'against __proto__ 0.8, authentication 0.8, the audit line 0.6; the parts are below. Tried and kept: loops by index (the iterator of a typed array takes twelve times as long), ' +
  'health tests that skip what cannot matter, a line that is put together once, no header normaliser, no promise where the draw is local. Tried and left: fewer asynchronous steps, middy’s ' +
  'chain by hand (nothing); memory from Node’s shared pool (0.3 µs). Not done: a digest cheaper than SHA-256 (0.7 µs), because it stands for bytes that must not be found in memory.';

interface Runs {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

export const warmInvocation: Measurement = {
  name: 'warm-invocation',
  title: 'Warm invocation',
  how:
    'The bundled function called with an API Gateway event of its own (payload 2.0, 512 bits) whose token is in the cache of IAM’s answers. The bare handler ' +
    'parses, draws once and answers, and checks and writes nothing. Batches of 250 calls take turns in one process; several processes.',
  async measure({ artefacts, mode, scope }) {
    const iam = await startStubIam(scope);
    const environment = { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9', AUTH_METHODS: 'iam', IAM_URL: iam.url };
    const bundle = join(artefacts, 'lambda/http.js');
    const measured = async (sink: string, processes: number): Promise<Runs> => {
      const runs: Runs[] = [];
      for (let process = 0; process < processes; process += 1) {
        const parameters = [bundle, httpApiEvent(), ROUNDS_OF_A_PROCESS, sink];
        runs.push(await runWorker<Runs>({ file: 'warm-invocation.ts', parameters, environment }));
      }
      return { ours: runs.flatMap(({ ours }) => ours), bare: runs.flatMap(({ bare }) => bare) };
    };
    const [silent, written] = [await measured('none', PROCESSES[mode]), await measured('stdout', 1)];
    const row = (label: string, { ours, bare }: Runs) => ({
      label,
      value: median(ours),
      unit: 'µs',
      floor: { label: 'bare handler', value: median(bare) },
      ratio: pairedRatio(ours, bare),
    });
    return {
      rows: [
        {
          ...row('audit line to a sink that takes nothing', silent),
          budget: {
            name: 'warm invocation',
            of: 'ratio',
            bound: 'at most',
            limit: 3,
            tolerance: 0.1,
            missed: { held: 4.2, why: WHY },
          },
        },
        row('audit line through standard output to /dev/null', written),
      ],
    };
  },
};
