import type { Measurement } from '../measurement.ts';
import { httpApiEvent } from '../support/http-api-event.ts';
import { startStubIam } from '../support/stub-iam.ts';
import { runWorker } from '../support/worker.ts';

const CALLS = { full: 400_000, quick: 150_000 };

export const invocationParts: Measurement = {
  name: 'invocation-parts',
  title: 'What a warm invocation spends its time on',
  how:
    'V8’s sampling profiler over the same calls, from the sources: each sample belongs to the innermost step on the stack, runtime and crypto to the step ' +
    'that called them. The shares are those of the time that a call takes while no profiler looks on; calls into the system come out somewhat too large.',
  isFullOnly: true,
  async measure({ mode, scope }) {
    const iam = await startStubIam(scope);
    const steps = await runWorker<Record<string, number>>({
      file: 'invocation-parts.ts',
      parameters: [httpApiEvent(), String(CALLS[mode])],
      environment: { AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9', AUTH_METHODS: 'iam', IAM_URL: iam.url },
    });
    const parts = Object.entries(steps).sort(([, left], [, right]) => right - left);
    return {
      rows: parts.map(([label, value]) => ({ label, value, unit: 'µs' })),
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
