import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { test } from 'node:test';
import { createAwsKmsSource } from '../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createHuaweiKmsSource } from '../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import { FOLDER } from '../support/child-process.ts';
import { good, NEVER } from './scripted-sources.ts';

// A heap snapshot does not show the octets inside buffers. That there is no pool of them is shown by how the sources are made.

const SOURCES = [
  nodeCryptoSource,
  createOsSource(),
  createAwsKmsSource({ load: async () => async (length) => good(length), pauseMs: () => 1 }),
  createHuaweiKmsSource({
    kmsUrl: 'https://kms.test',
    projectId: '0'.repeat(32),
    keys: () => undefined,
    send: async () => ({ kind: 'failed', failure: 'unreachable', detail: 'scripted' }),
    timeoutMs: 1,
    pauseMs: () => 1,
    now: Date.now,
  }),
];
for (const source of SOURCES) {
  test(`${source.name} has a name, a kind and a function, and no place for octets`, () => {
    const members = Object.entries(Object.getOwnPropertyDescriptors(source)).map(
      ([name, { value }]) => `${name}: ${typeof value}`,
    );
    assert.deepEqual(members.toSorted(), ['kind: string', 'name: string', 'read: function']);
    assert.equal(Object.getPrototypeOf(source), Object.prototype);
  });
}

test('a read is one call of the system: nothing is fetched in advance or left for later', async () => {
  const asked: number[] = [];
  const load = async () => async (length: number) => {
    asked.push(length);
    return good(length);
  };
  const source = createAwsKmsSource({ load, pauseMs: () => 1 });
  for (const length of [1, 64, 1024]) await source.read(length, NEVER);
  assert.deepEqual(asked, [1, 64, 1024]);
});

/** What may change between two reads, in the files of the sources: a variable that is assigned anew, or a growing container. */
const MUTABLE =
  /^\s*(?:export )?(?:let|var) |new (?:Map|Set|WeakMap|Array)\b|= \[\]|= \{ \w+: -?\d|Buffer\.alloc|new Uint8Array\(/;

/** Every such line, and why it keeps no octets from one read to the next. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Made and given away within one read.
  'node-crypto.ts': ['read: (length) => randomFillSync(new Uint8Array(length)),'],
  'os.ts': ['const octets = new Uint8Array(length);'],
  'huawei-kms/random-data.ts': ['const octets = new Uint8Array(length);'],
  // Of one read: its outcome, and the listener that it takes away again.
  'attempts.ts': ['let outcome = await attemptOnce(length, signal);', 'let onAbort: () => void = () => undefined;'],
  // Names and numbers.
  'aws-kms/kms-failure.ts': [
    "const THROTTLING = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);",
    'const CONNECTION = new Set([',
  ],
  // Counters: the last octet, the first of the window, and a digest of a block.
  'health.ts': [
    'const repetition = { sample: -1, count: 0 };',
    'const proportion = { sample: -1, count: 0, seen: 0 };',
    'let lastBlockDigest: string | undefined;',
    'let verdict = judgeCount(repetition.count, repetition.count + continued, REPETITION_WARN, REPETITION_CLOSE);',
    "let verdict: HealthVerdict = 'passed';",
    'let count = 0;',
    'let last = index;',
    'let end = index + 1;',
  ],
  'monitor.ts': ["let state: 'untested' | 'open' | 'closed' = 'untested';", 'let closures = 0;', 'let nextTestMs = 0;'],
  // Of one draw.
  'mix.ts': [
    "if (new Set(ordered).size < ordered.length) throw new TypeError('two entropy sources have one name');",
    'const NONE: readonly string[] = [];',
    'const octets = new Uint8Array(first);',
  ],
};

test('the files of the sources have no state but the counters of the health tests', async () => {
  const found: Record<string, string[]> = {};
  for await (const file of glob('**/*.ts', { cwd: `${FOLDER}lib/entropy` })) {
    // It is no source of the service; what it keeps is its position.
    if (file === 'seeded.ts') continue;
    const lines = readFileSync(`${FOLDER}lib/entropy/${file}`, 'utf8').split('\n');
    const mutable = lines
      .filter((line) => MUTABLE.test(line) && !/^\s*(?:\*|\/\/)/.test(line))
      .map((line) => line.trim());
    if (mutable.length > 0) found[file] = mutable;
  }
  assert.deepEqual(found, ALLOWED);
});
