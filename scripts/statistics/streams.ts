import { PATH, ROOT, STATIC_ENVIRONMENT, TOKEN } from '../../bench/support/project.ts';
import type { Scope } from '../../bench/support/scope.ts';
import { startServer } from '../../bench/support/servers.ts';
import { createCore } from '../../lib/app/core.ts';
import { readConfig } from '../../lib/app/read-config.ts';
import { nodeCryptoSource } from '../../lib/entropy/node-crypto.ts';
import { createOsSource } from '../../lib/entropy/os.ts';

/** The most that one request draws. */
const READ_BYTES = 1024;
const READERS = 16;

/** Where bytes come from, 1024 at a time. */
export interface Stream {
  readonly name: string;
  readonly read: () => Uint8Array | Promise<Uint8Array>;
}

/** Every default source by itself, the service's mix of them, and what the container's server answers. */
export async function openStreams(scope: Scope): Promise<Stream[]> {
  const os = createOsSource();
  const { draw: mix } = createCore(readConfig(STATIC_ENVIRONMENT), { writeLine: console.log });
  const command = () => [process.execPath, `${ROOT}/handlers/server.ts`];
  const { url } = await startServer(scope, { command, environment: STATIC_ENVIRONMENT });
  return [
    { name: 'node-crypto', read: () => nodeCryptoSource.read(READ_BYTES) },
    { name: 'os', read: () => os.read(READ_BYTES) },
    { name: 'mix', read: async () => (await mix(READ_BYTES)).bytes },
    { name: 'HTTP', read: () => ask(url) },
  ];
}

async function ask(url: string): Promise<Uint8Array> {
  const answer = await fetch(`${url}${PATH}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Auth-Token': TOKEN },
    body: `{"random_data_length":"${READ_BYTES * 8}"}`,
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  const bytes = Buffer.from(/^\{"random_data":"([0-9A-F]+)"\}$/.exec(text)?.[1] ?? '', 'hex');
  if (answer.status === 200 && bytes.length === READ_BYTES) return bytes;
  throw new Error(`the server answered ${answer.status} ${text.slice(0, 200)}`);
}

/** Bytes of a stream; several readers take turns, as callers of the server would. */
export async function draw({ read }: Stream, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < length) {
      const at = next;
      next += READ_BYTES;
      bytes.set((await read()).subarray(0, length - at), at);
    }
  };
  await Promise.all(Array.from({ length: READERS }, work));
  return bytes;
}
