import assert from 'node:assert/strict';
import { execFile, fork } from 'node:child_process';
import cluster from 'node:cluster';
import { type EventEmitter, once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { createOsSource } from '../../lib/entropy/os.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { createInstance, outputsOf } from './clones/instance.ts';
import { mixOf, watch } from './scripted-sources.ts';

const here = (file: string): string => fileURLToPath(new URL(`clones/${file}`, import.meta.url));

/** Outputs that came more than once, wherever they came from. */
function duplicatesIn(instances: readonly (readonly string[])[]): string[] {
  const seen = new Set<string>();
  return instances.flat().filter((output) => seen.size === seen.add(output).size);
}

function assertAllDifferent(instances: readonly (readonly string[])[], count: number, each: number): void {
  assert.deepEqual(
    instances.map((outputs) => outputs.length),
    Array(count).fill(each),
  );
  assert.deepEqual(duplicatesIn(instances), []);
}

/** The outputs that each of them sends as its one message. */
async function messagesOf(senders: readonly EventEmitter[]): Promise<string[][]> {
  const messages = await Promise.all(senders.map((sender) => once(sender, 'message')));
  return messages.map(([outputs]) => outputs);
}

// By chance two of some 20,000 outputs of 256 bits are equal once in 2^228 runs.
suite('no output comes twice', () => {
  const EACH = 500;

  test('from processes forked all at once', async () => {
    const children = Array.from({ length: 6 }, () => fork(here('process.ts'), [String(EACH)]));
    assertAllDifferent(await messagesOf(children), 6, EACH);
  });

  test('from the workers of a cluster', async () => {
    cluster.setupPrimary({ exec: here('process.ts'), args: [String(EACH)] });
    const workers = Array.from({ length: 4 }, () => cluster.fork());
    assertAllDifferent(await messagesOf(workers), 4, EACH);
  });

  test('from threads started all at once', async () => {
    const threads = Array.from({ length: 6 }, () => new Worker(here('thread.ts'), { workerData: EACH }));
    assertAllDifferent(await messagesOf(threads), 6, EACH);
  });

  test('from many instances of the service in one process, asked all at once', async () => {
    const instances = Array.from({ length: 100 }, createInstance);
    const outputs = await Promise.all(instances.map((instance) => outputsOf(instance, 100)));
    assertAllDifferent(outputs, 100, 100);
  });

  test('from one instance asked by many at once', async () => {
    const instance = createInstance();
    const outputs = await Promise.all(Array.from({ length: 200 }, () => outputsOf(instance, 50)));
    assertAllDifferent(outputs, 200, 50);
  });

  test('and if one did, this search would find it', () => {
    assert.deepEqual(duplicatesIn([['A', 'B'], ['C', 'B'], ['A']]), ['B', 'A']);
  });
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Two instances whose first source has one state, as OpenSSL's generator has after a virtual machine was cloned. */
async function twins(more: () => readonly LocalSource[]): Promise<string[][]> {
  const mixes = [0, 1].map(() => {
    const sources = [createSeededSource('one state in two machines'), ...more()];
    return mixOf(sources.map((source) => ({ tested: testLocal(source, watch()) })));
  });
  return Promise.all(
    mixes.map((mix) => Promise.all(Array.from({ length: 100 }, async () => hexOf((await mix(32)).bytes)))),
  );
}

suite('two instances with a source in one and the same state', () => {
  test('give the same bytes from it alone', async () => {
    const [one, other] = await twins(() => []);
    assert.deepEqual(one, other);
  });

  test('give different bytes with os in the mix', async () => {
    assert.deepEqual(duplicatesIn(await twins(() => [createOsSource()])), []);
  });
});

suite('processes resumed from one memory image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-image-'));
  after(() => rm(folder, { recursive: true }));
  const run = promisify(execFile);

  async function resumed(): Promise<{ alone: string; withOs: string }[]> {
    const [script, image] = [join(folder, 'memory-image.cjs'), join(folder, 'memory.blob')];
    await build({
      entryPoints: [here('memory-image.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: script,
    });
    await run(process.execPath, ['--snapshot-blob', image, '--build-snapshot', script]);
    const clones = Array.from({ length: 3 }, () => run(process.execPath, ['--snapshot-blob', image]));
    return (await Promise.all(clones)).map(({ stdout }) => JSON.parse(stdout));
  }

  test('give the same bytes from a generator in the image, and different ones with os in the mix', async () => {
    const clones = await resumed();
    assert.equal(new Set(clones.map(({ alone }) => alone)).size, 1);
    assert.equal(new Set(clones.map(({ withOs }) => withOs)).size, 3);
  });
});
