import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../../tests/runtimes/child.ts';
import type { Scope } from './scope.ts';

export interface Server {
  readonly child: Child;
  readonly pid: number;
  readonly url: string;
}

export interface ServerOptions {
  readonly command: string;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly port: number;
  /** Whether its standard error is thrown away too: some write a line for each request there. */
  readonly isChatty?: boolean;
}

/** The load comes from the other one. */
const SERVER_CORE = '1';
const START_TIMEOUT_MS = 20_000;

/** Starts a server on one core and waits until it takes connections. Its standard output is thrown away as it comes. */
export async function startServer(scope: Scope, options: ServerOptions): Promise<Server> {
  const { command, parameters, environment, cwd, port, isChatty = false } = options;
  const sinks = isChatty ? '>/dev/null 2>&1' : '>/dev/null';
  const child = startChild(scope, {
    command: 'taskset',
    parameters: ['-c', SERVER_CORE, 'sh', '-c', `exec "$@" ${sinks}`, 'sh', command, ...parameters],
    environment: { PATH: process.env.PATH ?? '', ...environment },
    cwd,
  });
  await takesConnections(port, child);
  const { pid } = child.process;
  if (pid === undefined) throw new Error(`${command} did not start`);
  return { child, pid, url: `http://127.0.0.1:${port}` };
}

async function takesConnections(port: number, child: Child): Promise<void> {
  const ended = child.exit.then((code) => Promise.reject(new Error(`a server ended with ${code}`)));
  const endsAtMs = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < endsAtMs) {
    if (await Promise.race([canConnect(port), ended])) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Linux counts in hundredths of a second, and has for thirty years. */
const TICKS_OF_A_SECOND = 100;

/** Seconds of CPU that a process has used, in all its threads, those that have ended too. */
export function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc_pid_stat(5): the second field is a name in parentheses and may hold anything; 14 and 15 are user and system time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_OF_A_SECOND;
}

/** The same to the nanosecond, for a process that ends no threads. */
export function fineCpuSeconds(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(folder).map((thread) => {
    const [ran = '0'] = readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ');
    return Number(ran);
  });
  return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e9;
}

/** Bytes that a process has in memory. */
export function residentBytes(pid: number): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
