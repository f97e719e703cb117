import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource, KERNEL_RANDOM_DEVICE } from '../../lib/entropy/os.ts';
import { entropySourceContract } from './contract.ts';

entropySourceContract('node-crypto', () => nodeCryptoSource);
entropySourceContract('os', () => createOsSource());

const folder = mkdtempSync(join(tmpdir(), 'gen-random-'));
after(() => rm(folder, { recursive: true }));

function deviceOf(bytes: Uint8Array): string {
  const path = join(folder, `device-${bytes.length}`);
  writeFileSync(path, bytes);
  return path;
}

test('the kernel device is /dev/urandom', () => assert.equal(KERNEL_RANDOM_DEVICE, '/dev/urandom'));

test('os gives what the device gives, in order and each byte once', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index % 251);
  const source = createOsSource(deviceOf(bytes));
  assert.deepEqual(source.read(1), bytes.subarray(0, 1));
  assert.deepEqual(source.read(299), bytes.subarray(1));
});

for (const length of [0, 1, 63]) {
  test(`os on a device that ends after ${length} bytes throws and gives nothing`, () => {
    const source = createOsSource(deviceOf(new Uint8Array(length)));
    assert.throws(() => source.read(64), /^Error: the kernel device returned no bytes$/);
  });
}

for (const device of ['/nowhere/urandom', join(folder, 'missing')]) {
  test(`os without its device ${device.startsWith(folder) ? 'in a folder' : 'and its folder'} throws when it is made`, () => {
    assert.throws(() => createOsSource(device), { code: 'ENOENT' });
  });
}

test('os on something that cannot be read throws', () => {
  assert.throws(() => createOsSource(folder).read(1), { code: 'EISDIR' });
});
