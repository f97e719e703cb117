import type { Budget } from './measurement.ts';

const CHUNK = { of: 'value', bound: 'at most', limit: 200, tolerance: 0 } as const;
// Signature schemes, access rules, proxies, base paths and what the log tells are 19 kB more than the first function had.
const HTTP_BUNDLE = { of: 'value', bound: 'at most', limit: 40, tolerance: 0, held: 78 } as const;

/** Every limit that a run holds. Of the bundles only those of functions: a container does not start for a request. */
export const LIMITS = {
  'cold start, static tokens': { of: 'ratio', bound: 'at most', limit: 1.1, tolerance: 0.1, held: 1.33 },
  'cold start, IAM': { of: 'ratio', bound: 'at most', limit: 1.1, tolerance: 0.1, held: 1.36 },
  'first request, static tokens': { of: 'ratio', bound: 'at most', limit: 2, tolerance: 0.05 },
  'first request, IAM against static': { of: 'value', bound: 'at most', limit: 15, tolerance: 0.5 },
  // The share comes in pieces of 2.9 ms every 20 ms: on a busy machine an answer may need one or two more of them.
  'first answer with AWS KMS, 256 MB': { of: 'value', bound: 'at most', limit: 25, tolerance: 1.5, held: 30 },
  'first answer on FunctionGraph': { of: 'ratio', bound: 'at most', limit: 1.15, tolerance: 0.1, held: 1.6 },
  'dist/lambda/http.js': HTTP_BUNDLE,
  'dist/functiongraph/http.js': HTTP_BUNDLE,
  'dist/lambda/kms.js': CHUNK,
  'dist/functiongraph/kms.js': CHUNK,
  'warm invocation': { of: 'ratio', bound: 'at most', limit: 3, tolerance: 0.1, held: 7 },
  'server, requests per CPU-second': { of: 'ratio', bound: 'at least', limit: 0.6, tolerance: 0.15, held: 0.33 },
  // The slowest of a hundred answers: on a shared machine it depends on the other work.
  'server, p99 latency': { of: 'ratio', bound: 'at most', limit: 3, tolerance: 0.5 },
  'memory against the bare server': { of: 'ratio', bound: 'at most', limit: 1.25, tolerance: 0.2 },
  // The heap grows in steps of this size, the bare server's too. 20 bytes kept of each request would be more.
  'memory, end against beginning': { of: 'value', bound: 'at most', limit: 1, tolerance: 0.2 },
  'ahead of OpenBao, sys/tools/random': { of: 'ratio', bound: 'at least', limit: 1, tolerance: 0 },
  'ahead of moto, KMS GenerateRandom': { of: 'ratio', bound: 'at least', limit: 1, tolerance: 0 },
} as const satisfies Record<string, Omit<Budget, 'name'>>;

export type BudgetName = keyof typeof LIMITS;

export function isBudgeted(name: string): name is BudgetName {
  return name in LIMITS;
}

export function budget(name: BudgetName): Budget {
  return { name, ...LIMITS[name] };
}
