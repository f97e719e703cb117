import { createFunctionEntry } from '../lib/adapters/function/function-entry.ts';
import { startHttpFunction } from '../lib/app/functions.ts';

/**
 * Lambda behind API Gateway, a Function URL or a load balancer, and FunctionGraph behind APIG. Awaiting the module
 * waits for Lambda's init: see `then`.
 */
export const { handler, initializer, then } = createFunctionEntry(process.env, startHttpFunction);
