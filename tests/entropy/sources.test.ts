import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { createAwsKmsSource } from '../../lib/entropy/aws-kms/aws-kms-source.ts';
import { createHealthTest } from '../../lib/entropy/health-test.ts';
import { createHuaweiKmsSource } from '../../lib/entropy/huawei-kms/huawei-kms-source.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource, KERNEL_RANDOM_DEVICE } from '../../lib/entropy/os.ts';
import { createSeededSource } from '../../lib/entropy/seeded.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { verdictOf } from './byte-streams.ts';
import { good, NEVER } from './scripted-sources.ts';

/** What `LocalSource` promises, asked of one kind. `make` is called once per test. */
function entropySourceContract(name: string, make: () => LocalSource): void {
  suite(`the entropy source ${name}`, () => {
    test('is named as in ENTROPY_SOURCES', () => {
      const { kind, name: ownName } = make();
      assert.deepEqual([kind, ownName], ['local', name]);
    });

    test('gives exactly the bytes that are wanted', () => {
      for (const length of [1, 2, 64, 255, 256, 257, 1024]) {
        const bytes = make().read(length);
        assert.ok(bytes instanceof Uint8Array);
        assert.equal(bytes.length, length);
      }
    });

    test('gives an array that nobody else has', () => {
      const source = make();
      const first = source.read(64);
      const copy = Uint8Array.from(first);
      const second = source.read(64);
      assert.notEqual(first.buffer, second.buffer);
      assert.equal(first.buffer.byteLength, 64);
      second.fill(0);
      assert.deepEqual(first, copy);
    });

    test('gives the same 32 bytes never twice, two of its kind neither', () => {
      const sources = [make(), make()];
      const seen = new Set<string>();
      for (let count = 0; count < 1_000; count += 1) {
        for (const source of sources) seen.add(Buffer.from(source.read(32)).toString('hex'));
      }
      assert.equal(seen.size, 2_000);
    });

    test('fills the array to its last byte', () => {
      const source = make();
      const used = new Uint8Array(1024);
      // A byte that is 0 in 20 of 20 reads is not written: by chance that happens to none of 1024 in 10^45 runs.
      for (let count = 0; count < 20; count += 1) {
        source.read(1024).forEach((byte, index) => {
          used[index] = (used[index] ?? 0) | byte;
        });
      }
      assert.equal(used.indexOf(0), -1);
    });
  });
}

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

suite('broken sources', () => {
  /** A bit is 1 in `percent` of 100. */
  function biased(percent: number, length: number): Uint8Array {
    const draws = createSeededSource(`biased ${percent}`);
    const bit = (): number => (((draws.read(1)[0] ?? 0) * 100) / 256 < percent ? 1 : 0);
    return Uint8Array.from({ length }, () => Array.from({ length: 8 }, bit).reduce((byte, next) => byte * 2 + next, 0));
  }

  const CAUGHT: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['zeros', new Uint8Array(64)],
    ['bytes 255', new Uint8Array(64).fill(255)],
    ['one byte for ever', new Uint8Array(64).fill(0x5a)],
    ['two bytes in turn', Uint8Array.from({ length: 512 }, (_, index) => index % 2)],
    ['a period of 16', Uint8Array.from({ length: 512 }, (_, index) => (index % 16) * 11)],
    [
      'letters of hexadecimal',
      createSeededSource('hex')
        .read(4096)
        .map((byte) => '0123456789ABCDEF'.charCodeAt(byte % 16)),
    ],
    ['bits of which 80 in 100 are ones', biased(80, 4096)],
  ];
  for (const [name, bytes] of CAUGHT) {
    test(`${name}: caught`, () => {
      for (const size of [1, 64, 1024]) assert.equal(verdictOf(bytes, size), 'failed', `by ${size}`);
    });
  }

  // What these tests cannot do is written down as a test too: nobody shall take them for a proof of entropy.
  const NOT_CAUGHT: readonly (readonly [name: string, bytes: Uint8Array])[] = [
    ['a counter', Uint8Array.from({ length: 65_536 }, (_, index) => index % 256)],
    ['bits of which 51 in 100 are ones', biased(51, 65_536)],
    ['a hash of a counter, which anybody can compute', createSeededSource('known').read(65_536)],
  ];
  for (const [name, bytes] of NOT_CAUGHT) {
    test(`${name}: not caught, for a health test does not prove entropy`, () => {
      assert.notEqual(verdictOf(bytes, 1000), 'failed');
    });
  }
});

// 4 MiB hold 2^22 places for a run and 2^13 windows. Closing by chance: 2^22 × 2^-64 + 2^13 × 2^-62.3 < 10^-12.
// A warning: 2^22 × 2^-32 + 2^13 × 2^-31.3 < 0.001, so that four of them come once in 10^13 runs.
for (const source of [nodeCryptoSource, createOsSource()]) {
  test(`4 MiB of ${source.name} raise no alarm`, () => {
    const health = createHealthTest();
    const verdicts = Array.from({ length: 4096 }, () => health.check(source.read(1024)));
    assert.equal(verdicts.filter((verdict) => verdict === 'failed').length, 0);
    assert.ok(verdicts.filter((verdict) => verdict === 'warned').length < 4);
  });
}

// A heap snapshot does not show the bytes inside buffers: how the sources are made shows that they have no pool.

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
