/** What a room may use besides itself, `SHARED` and packages. */
export interface Room {
  /** Rooms whose functions it calls. */
  readonly calls: readonly string[];
  /** Rooms of which it knows the types alone. */
  readonly knows: readonly string[];
}

/** Tables without a dependency of their own, open to everybody. */
export const SHARED = ['lib/errors.ts', 'lib/json.ts', 'lib/limits.ts'];

/** `lib/app.ts` with its parts `lib/app-….ts` puts everything together; only those that start it call it. */
export const ASSEMBLY = 'lib/app';
export const STARTERS = ['handlers/', 'lib/local/local-run.ts', 'lib/server/service.ts'];

/** Every room, and every file beside the rooms. A new dependency is a new word in this table. */
export const ROOMS: Readonly<Record<string, Room>> = {
  'lib/gen-random': { calls: [], knows: ['lib/entropy'] },
  'lib/entropy': { calls: ['lib/signing'], knows: ['lib/outbound'] },
  'lib/auth': { calls: ['lib/observer.ts', 'lib/signing'], knows: ['lib/outbound'] },
  'lib/signing': { calls: [], knows: [] },
  'lib/outbound': { calls: [], knows: [] },
  'lib/log.ts': { calls: [], knows: [] },
  'lib/standard-output.ts': { calls: [], knows: ['lib/log.ts'] },
  'lib/observer.ts': { calls: [], knows: ['lib/entropy'] },
  'lib/metrics': { calls: [], knows: ['lib/entropy', 'lib/observer.ts'] },
  'lib/audit.ts': { calls: ['lib/observer.ts'], knows: ['lib/auth', 'lib/log.ts'] },
  'lib/config.ts': { calls: ['lib/config-secrets.ts', 'lib/config-values.ts'], knows: [] },
  'lib/config-secrets.ts': { calls: ['lib/config-values.ts'], knows: ['lib/auth'] },
  'lib/config-values.ts': { calls: [], knows: [] },
  'lib/platform': {
    calls: ['lib/config-secrets.ts', 'lib/config.ts', 'lib/log.ts', 'lib/standard-output.ts'],
    knows: ['lib/entropy'],
  },
  'lib/http': {
    calls: ['lib/audit.ts', 'lib/auth', 'lib/gen-random', 'lib/platform'],
    knows: ['lib/entropy', 'lib/log.ts'],
  },
  'lib/triggers': {
    calls: ['lib/audit.ts', 'lib/gen-random', 'lib/platform'],
    knows: ['lib/entropy', 'lib/log.ts'],
  },
  'lib/server': {
    calls: [ASSEMBLY, 'lib/http', 'lib/metrics', 'lib/triggers'],
    knows: ['lib/config.ts', 'lib/entropy', 'lib/log.ts'],
  },
  'lib/local': {
    calls: [ASSEMBLY, 'lib/config-values.ts', 'lib/server'],
    knows: ['lib/config.ts', 'lib/log.ts'],
  },
};

/** Each package, or module of Node that reaches beyond the process, and the only places that may import it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@middy/': ['lib/http/pipeline.ts'],
  'aws-lambda': ['lib/http/pipeline.ts'],
  '@aws-sdk/': ['lib/entropy/aws-kms/kms-call.ts', 'lib/entropy/aws-kms/environment-credentials.ts'],
  cloudevents: ['lib/server/cloudevents-door.ts'],
  'tiny-lru': ['lib/auth/cached-verifier.ts', 'lib/http/rate-limit.ts'],
  valibot: ['lib/local/'],
  'node:fs': [ASSEMBLY, 'lib/entropy/os.ts', 'lib/standard-output.ts', 'lib/local/'],
  'node:http': ['lib/outbound/', 'lib/server/', 'lib/local/'],
  'node:https': ['lib/outbound/'],
  'node:net': ['lib/server/'],
  'node:child_process': [],
  'node:cluster': [],
  'node:dgram': [],
  'node:dns': [],
  'node:http2': [],
  'node:process': [],
  'node:tls': [],
  'node:worker_threads': [],
};

/** What may be written in some places only. */
export const WORDS: readonly (readonly [name: string, word: RegExp, places: readonly string[]])[] = [
  ['process.env', /\bprocess\.env\b/, ['handlers/']],
  ['console', /\bconsole\b/, ['lib/log.ts']],
  ['Date.now', /\bDate\.now\b/, [ASSEMBLY, 'lib/local/local-run.ts', 'handlers/']],
  ['the date of this moment', /\bnew Date\(\)|\bDate\(\)/, []],
  ['performance.now', /\bperformance\b/, [ASSEMBLY, 'handlers/']],
  ['Math.random', /\bMath\.random\b/, []],
  ['the global fetch, which is slow to load', /(?<![.\w])fetch\(/, []],
  ['a default export', /\bexport default\b|\bas default\b/, []],
  ['an export of everything in another file', /\bexport \*/, []],
  ['eval', /\beval\(|\bnew Function\(/, []],
];
