import { createMix } from '../../lib/entropy/mix.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { testLocal } from '../../lib/entropy/tested-source.ts';
import { httpStream } from './http-stream.ts';

/** Somewhere bytes come from, as many as one likes. */
export interface Stream {
  readonly name: string;
  open(): Promise<OpenStream>;
}

export interface OpenStream {
  fill(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The most that one request draws. */
const READ_BYTES = 1024;

/** Every source by itself, both as the service mixes them, and what comes out of the service. */
export function allStreams(): Stream[] {
  const os = createOsSource();
  const mix = createMix({
    sources: [monitored(nodeCryptoSource), monitored(os)],
    onFailure: 'refuse',
    timeoutMs: 1_000,
  });
  return [
    drawnStream('node-crypto', (length) => nodeCryptoSource.read(length)),
    drawnStream('os', (length) => os.read(length)),
    drawnStream('mix', async (length) => (await mix(length)).bytes),
    httpStream(),
  ];
}

function monitored(source: LocalSource) {
  const onHealth = (name: string, event: string) => console.log(`health of ${name}: ${event}`);
  return testLocal(source, { onHealth, monotonicMs: () => performance.now() });
}

function drawnStream(name: string, read: (length: number) => Uint8Array | Promise<Uint8Array>): Stream {
  return {
    name,
    async open() {
      return {
        async fill(bytes) {
          for (let at = 0; at < bytes.length; at += READ_BYTES) {
            bytes.set(await read(Math.min(READ_BYTES, bytes.length - at)), at);
          }
        },
        async close() {},
      };
    },
  };
}
