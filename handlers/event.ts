import { createFunctionEntry } from '../lib/adapters/function/function-entry.ts';
import { startEventFunction } from '../lib/app/functions.ts';

/**
 * Everything that is not HTTP: direct invocation, pipes, topics, buses, timers. It checks no token: whoever has the
 * platform's permission to invoke this function may draw. An HTTP request never reaches it, because no HTTP trigger
 * names it and HTTP-shaped events are refused.
 */
export const { handler, initializer, then } = createFunctionEntry(process.env, startEventFunction);
