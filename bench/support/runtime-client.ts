import { join } from 'node:path';
import { type Child, startChild } from '../../tests/runtimes/child.ts';
import { type Outcome, startRuntimeApi } from '../../tests/runtimes/runtime-api.ts';
import { ROOT } from './project.ts';
import { type Scope, withScope } from './scope.ts';

const RUNTIME_CLIENT = join(ROOT, 'tests/runtimes/node_modules/aws-lambda-ric/index.mjs');
const MEMORY_MB = '256';

export interface ColdFunction {
  readonly child: Child;
  /** Milliseconds from the start of its process to its first question for work: what Lambda calls its init. */
  readonly initMs: number;
  readonly invoke: (event: unknown) => Promise<TimedOutcome>;
}

export interface TimedOutcome extends Outcome {
  /** Milliseconds from the event to the answer. */
  readonly tookMs: number;
}

export interface ColdStart {
  /** Holds `http.js`. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts a function under Lambda's runtime client, hands it over, and ends it. */
export function withColdFunction<T>(start: ColdStart, use: (running: ColdFunction) => Promise<T>): Promise<T> {
  return withScope(async (scope) => {
    const api = await startRuntimeApi(scope);
    const asked = api.firstQuestion.then(() => performance.now());
    const startedAtMs = performance.now();
    const child = startRuntimeClient(scope, start, api.address);
    const initMs = (await Promise.race([asked, failure(child)])) - startedAtMs;
    return use({
      child,
      initMs,
      async invoke(event) {
        const sentAtMs = performance.now();
        const outcome = await api.invoke(event);
        return { ...outcome, tookMs: performance.now() - sentAtMs };
      },
    });
  });
}

function startRuntimeClient(scope: Scope, { folder, variables }: ColdStart, address: string): Child {
  return startChild(scope, {
    command: process.execPath,
    parameters: [RUNTIME_CLIENT],
    cwd: folder,
    environment: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: MEMORY_MB,
      AWS_LAMBDA_FUNCTION_NAME: 'gen-random-bench',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/gen-random-bench',
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0',
      AWS_LAMBDA_RUNTIME_API: address,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'http.handler',
      ...variables,
    },
  });
}

async function failure(child: Child): Promise<never> {
  throw new Error(`the runtime client ended with ${await child.exit}`);
}
