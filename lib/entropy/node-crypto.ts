import { randomFillSync } from 'node:crypto';
import { describeSource } from './descriptor.ts';
import type { LocalSource } from './source.ts';

/**
 * The generator of OpenSSL in this process. Synchronous, because for up to 1024 bytes that takes 2 µs. The asynchronous
 * call takes 16 µs in the thread pool, which also resolves names.
 */
export const nodeCryptoSource: LocalSource = {
  kind: 'local',
  name: 'node-crypto',
  read: (length) => randomFillSync(new Uint8Array(length)),
};

export const nodeCrypto = describeSource({
  name: 'node-crypto',
  variables: {},
  needs: () => [],
  create: () => nodeCryptoSource,
});
