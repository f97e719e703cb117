import { join } from 'node:path';
import { freePort } from '../../tests/support/free-port.ts';
import { ROOT, STATIC_ENVIRONMENT, TOKEN } from './project.ts';
import type { Scope } from './scope.ts';
import { cpuSeconds, type Server, type ServerOptions, startServer } from './servers.ts';
import { median } from './statistics.ts';
import { type Load, type LoadResult, load } from './wrk.ts';

export const BODY = '{"random_data_length":"512"}';
export const HEADERS = { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' };

/** The container's bundle, as in production; with `environment`, another way of authentication than static tokens. */
export async function startOurs(
  scope: Scope,
  artefacts: string,
  environment: Readonly<Record<string, string>> = STATIC_ENVIRONMENT,
): Promise<Server> {
  const port = await freePort();
  return startServer(scope, {
    command: process.execPath,
    parameters: [join(artefacts, 'server/server.js')],
    environment: { HOST: '127.0.0.1', PORT: String(port), ...environment },
    cwd: artefacts,
    port,
  });
}

/** A server of `bench/floors/`. */
export async function startFloor(scope: Scope, file: string, more: Partial<ServerOptions> = {}): Promise<Server> {
  const port = await freePort();
  return startServer(scope, {
    command: process.execPath,
    parameters: [join(ROOT, 'bench/floors', file)],
    environment: { PORT: String(port) },
    cwd: ROOT,
    port,
    ...more,
  });
}

export interface ServerRun extends LoadResult {
  /** Requests for each second of CPU that the server used: what they cost, whoever else wants the core. */
  readonly perCpuSecond: number;
}

/** @throws {Error} if any answer was not a success */
export async function runLoad(
  server: Server,
  wanted: Omit<Load, 'url'> & { readonly path: string },
): Promise<ServerRun> {
  const usedBefore = cpuSeconds(server.pid);
  const result = await load({ ...wanted, url: `${server.url}${wanted.path}` });
  if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} requests to ${server.url} failed`);
  return { ...result, perCpuSecond: result.requests / (cpuSeconds(server.pid) - usedBefore) };
}

export function medianOf(runs: readonly ServerRun[], name: keyof ServerRun): number {
  return median(runs.map((run) => run[name]));
}
