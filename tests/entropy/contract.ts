import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LocalSource } from '../../lib/entropy/source.ts';

/** What `LocalSource` promises, asked of one kind. `make` is called once per test. */
export function entropySourceContract(name: string, make: () => LocalSource): void {
  suite(`the entropy source ${name}`, () => {
    test('is named as in ENTROPY_SOURCES', () => {
      const { kind, name: ownName } = make();
      assert.deepEqual([kind, ownName], ['local', name]);
    });

    for (const length of [1, 2, 64, 255, 256, 257, 1024]) {
      test(`gives exactly ${length} bytes`, () => {
        const bytes = make().read(length);
        assert.ok(bytes instanceof Uint8Array);
        assert.equal(bytes.length, length);
      });
    }

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
