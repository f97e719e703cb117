import { randomFillSync } from 'node:crypto';
import { describeSource } from './descriptor.ts';
import type { LocalSource } from './source.ts';

/**
 * OpenSSL's generator in this process. The synchronous call: for up to 1024 bytes it costs 2 µs, the one through the thread
 * pool 16 µs, and that pool also resolves names.
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
