import { createFunctionEntry } from '../lib/adapters/function/function-entry.ts';
import { createHttpApp } from '../lib/app/core.ts';

/**
 * Lambda behind API Gateway, a Function URL or a load balancer, and FunctionGraph behind APIG. Who imports it rather than requires it waits
 * on Lambda as its runtime client does: see `then`.
 */
export const { handler, initializer, then } = createFunctionEntry(process.env, createHttpApp);
