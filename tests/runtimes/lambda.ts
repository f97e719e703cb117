import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Child, startChild } from './child.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { unpack } from './unpack.ts';

const RUNTIME_CLIENT = join(import.meta.dirname, 'node_modules/aws-lambda-ric/index.mjs');

export interface LambdaOptions {
  readonly api: RuntimeApi;
  /** The function, as in `serverless.yml`. */
  readonly name: 'http' | 'event';
  readonly variables?: Readonly<Record<string, string>>;
}

/** Unpacks the packaged function and runs it under AWS's own runtime client. */
export function startLambda(t: TestContext, { api, name, variables = {} }: LambdaOptions): Child {
  const taskRoot = unpack(t, `.serverless/${name}.zip`);
  return startChild(t, {
    command: process.execPath,
    parameters: [RUNTIME_CLIENT],
    cwd: taskRoot,
    environment: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_NAME: `gen-random-test-${name}`,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/gen-random-test-${name}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0',
      AWS_LAMBDA_RUNTIME_API: api.address,
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: `dist/lambda/${name}.handler`,
      ...variables,
    },
  });
}
