import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Behaviour, type Dialect, type KmsBackend, startKmsBackend } from './kms-backend.ts';

const SCRIPT = fileURLToPath(new URL('kms-read-once.ts', import.meta.url));
/** Less than the shortest timer that the SDK or a pause would leave behind, and enough for a busy machine to end a process. */
const END_MS = 2_000;
const DEADLINE_MS = 1_500;

const ENDINGS: readonly (readonly [Behaviour, outcome: string])[] = [
  ['good', '64 bytes'],
  ['access-denied', 'backend-unavailable'],
  ['silent', 'backend-timeout'],
  ['half-an-answer', 'backend-timeout'],
  ['throttled', 'throttled'],
  ['reset', 'backend-unavailable'],
];

/** After a read no timer, socket or thread of the source keeps its process alive. */
export function endsByItself(name: string, dialect: Dialect, environment: Readonly<Record<string, string>>): void {
  suite(`a process that read from ${name} ends by itself`, { concurrency: 1 }, () => {
    let backend: KmsBackend | undefined;
    before(async () => {
      backend = await startKmsBackend(dialect);
    });
    after(() => backend?.close());

    for (const [behaviour, expected] of ENDINGS) {
      test(`${behaviour}: ${expected}`, async () => {
        backend?.behave(behaviour);
        const origin = backend?.origin ?? '';
        const parameters = [SCRIPT, name, origin, String(DEADLINE_MS)];
        const env = { ...environment, AWS_ENDPOINT_URL_KMS: origin };
        const startedAtMs = performance.now();
        const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters, { env, timeout: 20_000 });
        const endedAfterMs = performance.now() - startedAtMs;
        const [, outcome, answeredAfterMs] = /^(.*) (\d+)$/.exec(stdout) ?? [];
        assert.deepEqual([outcome, stderr], [expected, '']);
        assert.ok(endedAfterMs - Number(answeredAfterMs) < END_MS, `${endedAfterMs} ms after ${answeredAfterMs} ms`);
      });
    }
  });
}
