import { createMix } from '../../lib/entropy/mix.ts';
import { monitorLocal } from '../../lib/entropy/monitor.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';
import type { LocalSource } from '../../lib/entropy/source.ts';
import { httpStream } from './http-stream.ts';

/** Somewhere octets come from, as many as one likes. */
export interface Stream {
  readonly name: string;
  open(): Promise<OpenStream>;
}

export interface OpenStream {
  fill(octets: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The most that one request draws. */
const READ_OCTETS = 1024;

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
    drawnStream('mix', async (length) => (await mix(length)).octets),
    httpStream(),
  ];
}

function monitored(source: LocalSource) {
  const onHealth = (name: string, event: string) => console.log(`health of ${name}: ${event}`);
  return monitorLocal(source, { onHealth, monotonicMs: () => performance.now() });
}

function drawnStream(name: string, read: (length: number) => Uint8Array | Promise<Uint8Array>): Stream {
  return {
    name,
    async open() {
      return {
        async fill(octets) {
          for (let at = 0; at < octets.length; at += READ_OCTETS) {
            octets.set(await read(Math.min(READ_OCTETS, octets.length - at)), at);
          }
        },
        async close() {},
      };
    },
  };
}
