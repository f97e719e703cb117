import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAwsKmsSource } from '../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createHuaweiKmsSource } from '../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import { good, NEVER } from './scripted-sources.ts';

// A heap snapshot does not show the bytes inside buffers. That there is no pool of them is shown by how the sources are made.

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
  test(`${source.name} has a name, a kind and a function, and no place for bytes`, () => {
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
