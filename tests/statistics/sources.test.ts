import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { createMix } from '../../lib/entropy/mix.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { createScriptedApp, SCRIPTED_TOKEN } from '../support/scripted-app.ts';
import { openServerDoor } from '../support/server-door.ts';
import { wireRequest } from '../support/wire-request.ts';
import { failed, judge, TEST_NAMES } from './battery.ts';
import { CONTROLS } from './controls.ts';

const BYTES = 1024 * 1024;
const READ_BYTES = 1024;
const READS = BYTES / READ_BYTES;

function collect(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(parts);
  assert.equal(bytes.length, BYTES);
  return bytes;
}

function streamOf(source: Pick<LocalSource, 'read'>): Uint8Array {
  return collect(Array.from({ length: READS }, () => source.read(READ_BYTES)));
}

const tested = (source: LocalSource) => testLocal(source, { onHealth: () => undefined, monotonicMs: () => 0 });
const os = createOsSource();
const mix = createMix({
  sources: [tested(nodeCryptoSource), tested(os)],
  onFailure: 'refuse',
  timeoutMs: 1_000,
});

suite('1 MiB passes all statistical tests at p < 1e-9', () => {
  for (const source of [nodeCryptoSource, os]) {
    test(`of ${source.name}`, () => assert.deepEqual(failed(judge(streamOf(source))), []));
  }

  test('of the mix', async () => {
    const parts: Uint8Array[] = [];
    for (let count = 0; count < READS; count += 1) parts.push((await mix(READ_BYTES)).bytes);
    assert.deepEqual(failed(judge(collect(parts))), []);
  });

  test('of the HTTP server, at 8192 bits a request', async () => {
    const { door, close } = await openServerDoor(createScriptedApp({ draw: mix }).app);
    after(close);
    const request = wireRequest({ tokens: [SCRIPTED_TOKEN], body: { random_data_length: 8192 } });
    const parts: Uint8Array[] = [];
    for (let count = 0; count < READS; count += 16) {
      const answers = await Promise.all(Array.from({ length: 16 }, () => door.send(request)));
      for (const { answer } of answers) parts.push(Buffer.from(JSON.parse(answer.body).random_data, 'hex'));
    }
    assert.deepEqual(failed(judge(collect(parts))), []);
  });
});

suite('1 MiB of a broken source fails', () => {
  for (const { name, make, caughtBy } of CONTROLS) {
    test(`${name}: ${caughtBy.join(', ')}`, () => assert.deepEqual(failed(judge(make(BYTES))), caughtBy));
  }

  test('every test fails for one of them', () => {
    const failing = new Set(CONTROLS.flatMap(({ caughtBy }) => caughtBy));
    assert.deepEqual([...failing].toSorted(), [...TEST_NAMES].toSorted());
  });

  test('the HTTP server hides nothing: bytes of a counter fail behind it too', async () => {
    let next = 0;
    const draw = (length: number) => ({
      bytes: Uint8Array.from({ length }, () => next++ % 256),
      sources: ['counter'],
      omitted: [],
    });
    const { door, close } = await openServerDoor(createScriptedApp({ draw }).app);
    after(close);
    const request = wireRequest({ tokens: [SCRIPTED_TOKEN], body: { random_data_length: 8192 } });
    const parts: Uint8Array[] = [];
    for (let count = 0; count < 64; count += 1) {
      const { answer } = await door.send(request);
      parts.push(Buffer.from(JSON.parse(answer.body).random_data, 'hex'));
    }
    assert.deepEqual(failed(judge(Buffer.concat(parts))), ['poker', 'bytes', 'duplicate blocks']);
  });
});
