import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteSource } from '../../lib/entropy/source.ts';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';
import type { Behaviour, KmsBackend } from './kms-backend.ts';

export interface RemoteSourceUnderTest {
  readonly backend: KmsBackend;
  /** A source that asks the backend. @param pauseMs `PAUSE_MS` unless told */
  readonly make: (pauseMs?: number) => RemoteSource;
}

/** Short, so that the suite is fast. */
export const PAUSE_MS = 30;
const PATIENT_MS = 10_000;
const DEADLINE_MS = 300;
/** What the issue of the sources promises beyond the deadline. */
const LATE_MS = 50;

type Row = readonly [behaviours: readonly [Behaviour, ...Behaviour[]], key: ErrorKey | undefined, requests: number];

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

/** What `RemoteSource` promises, asked of one kind. */
export function remoteSourceContract(name: string, start: () => Promise<RemoteSourceUnderTest>): void {
  suite(`the entropy source ${name}`, { concurrency: 1 }, () => {
    let underTest: RemoteSourceUnderTest | undefined;
    const running = (): RemoteSourceUnderTest => underTest ?? assert.fail('not running');
    before(async () => {
      underTest = await start();
    });
    after(() => underTest?.backend.close());

    bytes(name, running);
    classification(running);
    endings(running);
  });
}

function bytes(name: string, running: () => RemoteSourceUnderTest): void {
  test('is named as in ENTROPY_SOURCES', () => {
    const { kind, name: ownName } = running().make();
    assert.deepEqual([kind, ownName], ['remote', name]);
  });

  for (const length of [1, 2, 63, 64, 255, 1023, 1024]) {
    test(`gives exactly ${length} bytes, those that the cloud gave`, async () => {
      const { backend, make } = running();
      backend.behave('good');
      const drawn = await make().read(length, AbortSignal.timeout(PATIENT_MS));
      assert.ok(drawn instanceof Uint8Array);
      assert.deepEqual(Buffer.from(drawn), backend.given());
      assert.equal(drawn.length, length);
      assert.deepEqual(backend.refusals(), []);
    });
  }

  test('gives an array that nobody else has', async () => {
    const { backend, make } = running();
    backend.behave('good');
    const source = make();
    const first = await source.read(64, AbortSignal.timeout(PATIENT_MS));
    const copy = Uint8Array.from(first);
    const second = await source.read(64, AbortSignal.timeout(PATIENT_MS));
    assert.equal(first.buffer.byteLength, 64);
    assert.notEqual(first.buffer, second.buffer);
    second.fill(0);
    assert.deepEqual(first, copy);
  });

  test('twenty reads side by side each give their own', async () => {
    const { backend, make } = running();
    backend.behave('good');
    const source = make();
    const drawn = await Promise.all(Array.from({ length: 20 }, () => source.read(32, AbortSignal.timeout(PATIENT_MS))));
    assert.equal(new Set(drawn.map((array) => Buffer.from(array).toString('hex'))).size, 20);
  });
}

function classification(running: () => RemoteSourceUnderTest): void {
  for (const [behaviours, key, requests] of ROWS) {
    test(`${behaviours.join(', then ')}: ${key ?? 'bytes'} after ${requests}`, async () => {
      const { backend, make } = running();
      backend.behave(...behaviours);
      assert.equal(await outcomeOf(make(), AbortSignal.timeout(PATIENT_MS)), key);
      assert.equal(backend.requests(), requests);
      assert.deepEqual(backend.refusals(), []);
    });
  }

  test('a connection that breaks once costs nothing', async () => {
    const { backend, make } = running();
    backend.behave('reset', 'good');
    assert.equal(await outcomeOf(make(), AbortSignal.timeout(PATIENT_MS)), undefined);
  });

  test('a connection that breaks always: backend-unavailable', async () => {
    const { backend, make } = running();
    backend.behave('reset');
    assert.equal(await outcomeOf(make(), AbortSignal.timeout(PATIENT_MS)), 'backend-unavailable');
  });
}

const CUT: readonly (readonly [...Row, pauseMs?: number])[] = [
  [['silent'], 'backend-timeout', 1],
  [['half-an-answer'], 'backend-timeout', 1],
  [['throttled', 'silent'], 'backend-timeout', 2],
  // The deadline ends the pause: what came before it decides.
  [['throttled'], 'throttled', 1, PATIENT_MS],
  [['server-error'], 'backend-unavailable', 1, PATIENT_MS],
];

function endings(running: () => RemoteSourceUnderTest): void {
  for (const [behaviours, key, requests, pauseMs] of CUT) {
    const pause = pauseMs === undefined ? '' : ', then a pause';
    test(`${behaviours.join(', then ')}${pause}: ${key} at the deadline, ${LATE_MS} ms late at most, nothing held`, async () => {
      const { backend, make } = running();
      let tookMs = Number.POSITIVE_INFINITY;
      // A busy machine may be late by itself: once in three times it is not.
      for (let count = 0; count < 3 && tookMs > DEADLINE_MS + LATE_MS; count += 1) {
        backend.behave(...behaviours);
        const startedAtMs = performance.now();
        assert.equal(await outcomeOf(make(pauseMs), AbortSignal.timeout(DEADLINE_MS)), key);
        tookMs = performance.now() - startedAtMs;
        assert.equal(backend.requests(), requests);
      }
      assert.ok(tookMs > DEADLINE_MS - 5 && tookMs <= DEADLINE_MS + LATE_MS, `${tookMs} ms`);
      await untilNothingIsPending(backend);
    });
  }

  test('a signal that is aborted already asks nobody', async () => {
    const { backend, make } = running();
    backend.behave('good');
    assert.equal(await outcomeOf(make(), AbortSignal.abort()), 'backend-timeout');
    assert.equal(backend.requests(), 0);
  });

  test('a source serves on after a read was given up', async () => {
    const { backend, make } = running();
    backend.behave('silent', 'good');
    const source = make();
    assert.equal(await outcomeOf(source, AbortSignal.timeout(100)), 'backend-timeout');
    assert.equal(await outcomeOf(source, AbortSignal.timeout(PATIENT_MS)), undefined);
  });

  test('a signal that outlives its reads keeps nothing of them', async () => {
    const { backend, make } = running();
    backend.behave('good');
    const source = make();
    const { signal } = new AbortController();
    for (let count = 0; count < 3; count += 1) await source.read(8, signal);
    await untilNothingIsPending(backend);
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
  });
}

/** The key of the error that a read ends with; undefined if it gives 64 bytes. */
export async function outcomeOf(source: RemoteSource, signal: AbortSignal): Promise<ErrorKey | undefined> {
  try {
    assert.equal((await source.read(64, signal)).length, 64);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.match(`${error.reason} ${error.detail}`, new RegExp(`^source-\\S+ ${source.name}\\b`));
    return error.key;
  }
}

async function untilNothingIsPending(backend: KmsBackend): Promise<void> {
  for (let count = 0; backend.pending() > 0; count += 1) {
    assert.ok(count < 100, `${backend.pending()} requests are held`);
    await sleep(10);
  }
}
