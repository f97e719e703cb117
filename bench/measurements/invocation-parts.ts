import type { Measurement } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { runWorker } from '../support/worker.ts';

const ROUNDS = { full: 400, quick: 100 };
const WHOLE = 'the whole';

export const invocationParts: Measurement = {
  name: 'invocation-parts',
  title: 'What a warm invocation spends its time on',
  how:
    'The whole function from its sources, and each of its steps by itself over inputs of its own, in turns in one process; the audit line goes nowhere. The rest is what ' +
    'the whole takes beyond the sum: the reply, promises between the steps, and that code is colder among other code than by itself.',
  isFullOnly: true,
  async measure({ mode, scope }) {
    const iam = await startStubIam(scope);
    const { [WHOLE]: whole = 0, ...steps } = await runWorker<Record<string, number>>({
      file: 'invocation-parts.ts',
      parameters: [httpApiEvent(), String(ROUNDS[mode])],
      environment: { AUTH_METHODS: 'iam', IAM_URL: iam.url },
    });
    const rest = whole - Object.values(steps).reduce((sum, value) => sum + value, 0);
    const parts = [...Object.entries(steps).sort(([, left], [, right]) => right - left), ['the rest', rest] as const];
    return {
      rows: [[WHOLE, whole] as const, ...parts].map(([label, value]) => ({ label, value, unit: 'µs' })),
      charts: [
        {
          kind: 'bars',
          title: 'A warm invocation, step by step',
          unit: 'µs',
          names: parts.map(([step]) => step),
          series: [{ label: 'µs', points: parts.map(([, value], index) => [index, value] as const) }],
        },
      ],
    };
  },
};
