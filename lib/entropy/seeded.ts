import { hash } from 'node:crypto';
import type { LocalSource } from './source.ts';

const BLOCK_BYTES = 32;

/**
 * For tests of code that draws. The bytes follow from the seed, so whoever knows the seed knows them. They are SHA-256
 * of the seed and a block number: one stream, however it is cut into reads. No configuration selects this source and
 * the service does not import it.
 *
 * @throws {TypeError} for an empty seed
 */
export function createSeededSource(seed: string): LocalSource {
  if (seed === '') throw new TypeError('"seed" must not be empty');
  let position = 0;
  return {
    kind: 'local',
    name: 'seeded-not-random',
    read(length) {
      const first = Math.floor(position / BLOCK_BYTES);
      const skipped = position % BLOCK_BYTES;
      const count = Math.ceil((skipped + length) / BLOCK_BYTES);
      const blocks = Array.from({ length: count }, (_, index) => hash('sha256', `${first + index} ${seed}`, 'buffer'));
      position += length;
      return Uint8Array.from(Buffer.concat(blocks).subarray(skipped, skipped + length));
    },
  };
}
