import { createHttpApp } from '../lib/app.ts';
import type { HttpFunction } from '../lib/http/http-function.ts';
import { writeToConsole, writeToStandardOutput } from '../lib/log.ts';
import { readEnvironment } from '../lib/platform/environment.ts';

const isLambda = process.env.AWS_LAMBDA_RUNTIME_API !== undefined;
let started: HttpFunction | undefined;

function start(context: unknown): HttpFunction {
  const writeLine = isLambda ? writeToStandardOutput : writeToConsole;
  started ??= createHttpApp(readEnvironment(process.env, context), writeLine);
  return started;
}

// On Lambda a wrong configuration fails the init; on FunctionGraph the configuration comes with the first context.
if (isLambda) start(undefined);

/** FunctionGraph's, run once per instance before the first invocation. */
export function initializer(context: unknown, callback: (error: unknown, result?: string) => void): void {
  try {
    start(context);
    callback(null, '');
  } catch (error) {
    callback(error);
  }
}

/** Lambda behind API Gateway, a Function URL or a load balancer, and FunctionGraph behind APIG. */
export async function handler(event: unknown, context: unknown): Promise<unknown> {
  return start(context)(event, context);
}
