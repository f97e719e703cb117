/** What a room may use besides itself, `SHARED` and packages. */
export interface Room {
  /** Rooms whose functions it calls. */
  readonly calls: readonly string[];
  /** Rooms of which it knows the types alone. */
  readonly knows: readonly string[];
}

/** Small files without a dependency on any room, open to every room. */
export const SHARED = [
  'lib/deadline.ts',
  'lib/errors.ts',
  'lib/forms.ts',
  'lib/json.ts',
  'lib/limits.ts',
  'lib/reasons.ts',
];

/** The assembly puts everything together; only what starts a process or a function calls it. */
export const ASSEMBLY = 'lib/app';
export const STARTERS = ['handlers/', 'lib/local/local-run.ts', 'lib/adapters/container/service.ts'];

/** Every room. A new dependency is a new word in this table. */
export const ROOMS: Readonly<Record<string, Room>> = {
  'lib/gen-random': { calls: [], knows: ['lib/entropy', 'lib/telemetry'] },
  'lib/entropy': { calls: ['lib/huawei-signing'], knows: ['lib/outbound'] },
  'lib/auth': { calls: ['lib/huawei-signing', 'lib/telemetry', 'lib/wire'], knows: ['lib/outbound'] },
  'lib/huawei-signing': { calls: ['lib/wire'], knows: [] },
  // How text stands in headers, paths and queries.
  'lib/wire': { calls: [], knows: [] },
  'lib/outbound': { calls: [], knows: [] },
  'lib/telemetry': { calls: [], knows: ['lib/auth', 'lib/entropy'] },
  'lib/config': { calls: ['lib/entropy', 'lib/outbound'], knows: ['lib/auth'] },
  'lib/http': { calls: ['lib/auth', 'lib/gen-random', 'lib/wire'], knows: ['lib/entropy', 'lib/telemetry'] },
  'lib/adapters/function': { calls: ['lib/config', 'lib/outbound', 'lib/telemetry'], knows: ['lib/huawei-signing'] },
  'lib/adapters/http-event': { calls: ['lib/adapters/function', 'lib/http', 'lib/telemetry'], knows: [] },
  'lib/adapters/event': {
    calls: ['lib/adapters/function', 'lib/gen-random'],
    knows: ['lib/entropy', 'lib/telemetry'],
  },
  'lib/adapters/container': {
    calls: [ASSEMBLY, 'lib/adapters/event', 'lib/http', 'lib/telemetry'],
    knows: ['lib/auth', 'lib/config', 'lib/entropy'],
  },
  // The embedded IAM takes signatures as the service itself does, and the demo's key is the one that the configuration refuses.
  'lib/local': {
    calls: [ASSEMBLY, 'lib/adapters/container', 'lib/auth', 'lib/config', 'lib/http'],
    knows: ['lib/telemetry'],
  },
};

/** Each package, or module of Node that reaches beyond the process, and the only places that may import it. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@middy/': ['lib/http/pipeline.ts'],
  'aws-lambda': ['lib/http/pipeline.ts'],
  '@aws-sdk/': ['lib/entropy/aws-kms/kms-call.ts', 'lib/entropy/aws-kms/environment-credentials.ts'],
  'tiny-lru': ['lib/auth/cached-verifier.ts', 'lib/http/rate-limit.ts'],
  valibot: ['lib/local/'],
  'node:fs': [
    ASSEMBLY,
    'lib/entropy/os.ts',
    'lib/telemetry/standard-output.ts',
    'lib/telemetry/process-metrics.ts',
    'lib/local/',
  ],
  'node:http': ['lib/outbound/', 'lib/adapters/container/', 'lib/local/'],
  'node:https': ['lib/outbound/'],
  'node:net': ['lib/adapters/container/'],
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
  ['console', /\bconsole\b/, ['lib/telemetry/log.ts']],
  ['Date.now', /\bDate\.now\b/, [ASSEMBLY, 'lib/adapters/container/service.ts', 'lib/local/local-run.ts', 'handlers/']],
  ['the date of this moment', /\bnew Date\(\)|\bDate\(\)/, []],
  ['performance.now', /\bperformance\b/, [ASSEMBLY, 'handlers/']],
  ['Math.random', /\bMath\.random\b/, []],
  ['the global fetch, which is slow to load', /(?<![.\w])fetch\(/, []],
  // The proxy's URL is the operator's own, and Node decodes it in this way.
  [
    'a decoder that throws for each malformed piece of a query',
    /\bdecodeURI(?:Component)?\(/,
    ['lib/outbound/proxy.ts'],
  ],
  ['a default export', /\bexport default\b|\bas default\b/, []],
  ['an export of everything in another file', /\bexport \*/, []],
  ['eval', /\beval\(|\bnew Function\(/, []],
];
