import { createHttpApp } from '../lib/app.ts';
import { createFunctionEntry } from '../lib/platform/function-entry.ts';

/** Lambda behind API Gateway, a Function URL or a load balancer, and FunctionGraph behind APIG. */
export const { handler, initializer, then } = createFunctionEntry(process.env, createHttpApp);
