import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ErrorKey } from '../../lib/errors.ts';
import { type Behaviour, type KmsBackend, startKmsBackend } from '../support/kms-backend.ts';
import { KMS_SOURCES, outcomeOf, patience } from '../support/kms-sources.ts';

// What `RemoteSource` promises, asked of every kind.

type Behaviours = readonly [Behaviour, ...Behaviour[]];
type Row = readonly [behaviours: Behaviours, key: ErrorKey | undefined, requests: number];

/** What each row of answers comes to: the bytes, or an error of the catalogue; and how often the backend was asked. */
const ROWS: readonly Row[] = [
  [['good'], undefined, 1],
  [['throttled', 'good'], undefined, 2],
  [['server-error', 'good'], undefined, 2],
  [['throttled'], 'throttled', 2],
  [['server-error'], 'backend-unavailable', 2],
  [['server-error', 'throttled'], 'throttled', 2],
  [['throttled', 'server-error'], 'backend-unavailable', 2],
  [['throttled', 'short'], 'backend-unavailable', 2],
  [['throttled', 'access-denied'], 'backend-unavailable', 2],
  [['access-denied', 'good'], 'backend-unavailable', 1],
  [['short', 'good'], 'backend-unavailable', 1],
  [['long', 'good'], 'backend-unavailable', 1],
  [['without-bytes', 'good'], 'backend-unavailable', 1],
  [['garbage'], 'backend-unavailable', 1],
];

const PATIENT_MS = 10_000;
const DEADLINE_MS = 200;
/** What a source may take beyond the deadline. */
const LATE_MS = 50;

const CUT: readonly (readonly [...Row, pauseMs?: number])[] = [
  [['silent'], 'backend-timeout', 1],
  [['half-an-answer'], 'backend-timeout', 1],
  [['throttled', 'silent'], 'backend-timeout', 2],
  // The deadline ends the pause: what came before it decides.
  [['throttled'], 'throttled', 1, PATIENT_MS],
  [['server-error'], 'backend-unavailable', 1, PATIENT_MS],
];

/** What one process is answered, read by read, and how long it waits for that. */
const ENDINGS: readonly (readonly [Behaviour, outcome: string, deadlineMs: number])[] = [
  ['good', 'bytes', PATIENT_MS],
  ['access-denied', 'backend-unavailable', PATIENT_MS],
  ['silent', 'backend-timeout', 300],
  ['half-an-answer', 'backend-timeout', 300],
  ['throttled', 'throttled', 300],
  ['reset', 'backend-unavailable', 300],
];
/** Less than the shortest timer that the SDK or a pause would leave behind; a busy machine ends a process sooner. */
const END_MS = 2_000;

/** The tests of one kind. */
function contractOf(name: string, { dialect, at }: (typeof KMS_SOURCES)['aws-kms']) {
  /** A backend that behaves so, and a source that asks it. */
  async function start(context: TestContext, behaviours: Behaviours = ['good'], pauseMs?: number) {
    const backend = await startKmsBackend(dialect, context);
    backend.behave(...behaviours);
    return { backend, source: at(backend.origin, pauseMs) };
  }

  return () => {
    test('is named as in ENTROPY_SOURCES', async (context) => {
      const { source } = await start(context);
      assert.deepEqual([source.kind, source.name], ['remote', name]);
    });

    test('gives exactly the bytes that the cloud gave, in an array that nobody else has', async (context) => {
      const { backend, source } = await start(context);
      for (const length of [1, 2, 63, 64, 255, 1023, 1024]) {
        const drawn = await source.read(length, patience());
        assert.ok(drawn instanceof Uint8Array);
        assert.deepEqual(Buffer.from(drawn), backend.given());
        assert.deepEqual([drawn.length, drawn.buffer.byteLength], [length, length]);
      }
      assert.deepEqual(backend.refusals(), []);
    });

    test('gives each of twenty reads side by side its own', async (context) => {
      const { source } = await start(context);
      const drawn = await Promise.all(Array.from({ length: 20 }, () => source.read(32, patience())));
      assert.equal(new Set(drawn.map((array) => Buffer.from(array).toString('hex'))).size, 20);
    });

    for (const [behaviours, key, requests] of ROWS) {
      test(`${behaviours.join(', then ')}: ${key ?? 'bytes'} after ${requests}`, async (context) => {
        const { backend, source } = await start(context, behaviours);
        assert.equal(await outcomeOf(source), key);
        assert.equal(backend.requests(), requests);
        assert.deepEqual(backend.refusals(), []);
      });
    }

    test('a connection that breaks once costs nothing, and one that breaks always is unavailable', async (context) => {
      assert.equal(await outcomeOf((await start(context, ['reset', 'good'])).source), undefined);
      assert.equal(await outcomeOf((await start(context, ['reset'])).source), 'backend-unavailable');
    });

    for (const [behaviours, key, requests, pauseMs] of CUT) {
      const pause = pauseMs === undefined ? '' : ', then a pause';
      test(`${behaviours.join(', then ')}${pause}: ${key} at the deadline, ${LATE_MS} ms late at most, nothing held`, async (context) => {
        const { backend, source } = await start(context, behaviours, pauseMs);
        let tookMs = Number.POSITIVE_INFINITY;
        // A busy machine may be late by itself: once in three times it is not.
        for (let count = 0; count < 3 && tookMs > DEADLINE_MS + LATE_MS; count += 1) {
          backend.behave(...behaviours);
          const startedAtMs = performance.now();
          assert.equal(await outcomeOf(source, AbortSignal.timeout(DEADLINE_MS)), key);
          tookMs = performance.now() - startedAtMs;
          assert.equal(backend.requests(), requests);
        }
        assert.ok(tookMs > DEADLINE_MS - 5 && tookMs <= DEADLINE_MS + LATE_MS, `${tookMs} ms`);
        await untilNothingIsPending(backend);
      });
    }

    test('a signal that is aborted already asks nobody', async (context) => {
      const { backend, source } = await start(context);
      assert.equal(await outcomeOf(source, AbortSignal.abort()), 'backend-timeout');
      assert.equal(backend.requests(), 0);
    });

    test('a source serves on after a read was given up', async (context) => {
      const { source } = await start(context, ['silent', 'good']);
      assert.equal(await outcomeOf(source, AbortSignal.timeout(100)), 'backend-timeout');
      assert.equal(await outcomeOf(source), undefined);
    });

    test('a signal that outlives its reads keeps nothing of them', async (context) => {
      const { backend, source } = await start(context);
      const { signal } = new AbortController();
      for (let count = 0; count < 3; count += 1) await source.read(8, signal);
      await untilNothingIsPending(backend);
      assert.deepEqual(getEventListeners(signal, 'abort'), []);
    });

    test('nothing of a read keeps its process alive: no timer, no socket and no thread', async (context) => {
      const [first, ...more] = ENDINGS.map(([behaviour]) => behaviour);
      assert.ok(first);
      const { backend } = await start(context, [first, ...more]);
      const script = fileURLToPath(new URL('../support/kms-read-all.ts', import.meta.url));
      const parameters = [script, name, backend.origin, ...ENDINGS.map(([, , deadlineMs]) => String(deadlineMs))];
      const startedAtMs = performance.now();
      const { stdout, stderr } = await promisify(execFile)(process.execPath, parameters, { env: {}, timeout: 20_000 });
      const endedAfterMs = performance.now() - startedAtMs;
      const { outcomes, afterMs } = JSON.parse(stdout);
      const expected = ENDINGS.map(([, outcome]) => outcome);
      assert.deepEqual([outcomes, stderr], [expected, '']);
      assert.ok(endedAfterMs - afterMs < END_MS, `${endedAfterMs} ms after ${afterMs} ms`);
    });
  };
}

// Side by side, for they wait more than they work; those of one kind in turn, for the SDK reads its environment.
suite('the entropy source', { concurrency: true }, () => {
  for (const [name, kind] of Object.entries(KMS_SOURCES)) suite(name, { concurrency: 1 }, contractOf(name, kind));
});

async function untilNothingIsPending(backend: KmsBackend): Promise<void> {
  for (let count = 0; backend.pending() > 0; count += 1) {
    assert.ok(count < 100, `${backend.pending()} requests are held`);
    await sleep(10);
  }
}
