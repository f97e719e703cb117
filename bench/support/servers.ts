import { execFile, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../tests/support/free-port.ts';
import { PATH, ROOT, STATIC_ENVIRONMENT, TOKEN } from './project.ts';
import type { Scope } from './scope.ts';

/** The load comes from the first core. */
const [CLIENT_CORE, SERVER_CORE] = ['0', String(availableParallelism() - 1)];

type Environment = Readonly<Record<string, string>>;

/** 512 bits from gen-random. */
const DRAW = {
  path: PATH,
  headers: { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' } as Readonly<Record<string, string>>,
  body: '{"random_data_length":"512"}',
};

export interface ServerOptions {
  /** What it is asked for. */
  readonly request?: typeof DRAW;
  /** @param port on which it is to listen */
  readonly command: (port: number) => readonly string[];
  /** All variables that it has, but for `HOST` and `PORT`. */
  readonly environment?: Environment;
  /** Whether it writes more than failures to its standard error. */
  readonly isChatty?: boolean;
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** Starts a server on one core and waits until it answers. Its standard output is thrown away as it comes. */
export async function startServer(scope: Scope, options: ServerOptions) {
  const { request = DRAW, command, environment = {}, isChatty = false } = options;
  const port = await freePort();
  const env = { HOST: '127.0.0.1', PORT: String(port), ...environment };
  const stdio: StdioOptions = ['ignore', 'ignore', isChatty ? 'ignore' : 'inherit'];
  const child = spawn('taskset', ['-c', SERVER_CORE, ...command(port)], { cwd: ROOT, env, stdio });
  const ended = once(child, 'exit');
  scope.after(() => child.kill('SIGKILL') && ended);
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(url, { redirect: 'manual' }).then(Boolean, () => false);
  for (const endsAtMs = Date.now() + 20_000; !(await answers()); await sleep(50)) {
    const isLate = Date.now() > endsAtMs;
    if (isLate || child.exitCode !== null) throw new Error(`${command(port).join(' ')} does not answer`);
  }
  return { pid: child.pid ?? 0, url, request };
}

/** The container's bundle, as in production. */
export function startOurs(scope: Scope, artefacts: string, environment: Environment = STATIC_ENVIRONMENT) {
  return startServer(scope, { command: () => [process.execPath, join(artefacts, 'server/server.js')], environment });
}

/** A server of `bench/floors/`. */
export function startFloor(scope: Scope, file: string) {
  return startServer(scope, { command: () => [process.execPath, join(ROOT, 'bench/floors', file)] });
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Requests for each second of CPU that the server used: what they cost, whoever else wants the core. */
  readonly perCpuSecond: number;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
  /** Milliseconds that each connection waits before its next request; 0 and default: it asks as fast as it goes. */
  readonly pauseMs?: number;
}

/** Asks with wrk. @throws {Error} if any answer was not a success */
export async function load({ url, pid, request }: Server, how: Load): Promise<LoadResult> {
  const { connections, seconds, pauseMs = 0 } = how;
  const parameters = [
    ...['-c', CLIENT_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'],
    ...['-s', join(ROOT, 'bench/support/wrk.lua')],
    ...Object.entries(request.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...[`${url}${request.path}`, '--', request.body, String(pauseMs)],
  ];
  const usedBefore = cpuSeconds(pid);
  const { stdout } = await promisify(execFile)('taskset', parameters, { timeout: (seconds + 30) * 1000 });
  const { failures, ...result } = JSON.parse(stdout.split('\n').find((line) => line.startsWith('{')) ?? '');
  if (failures > 0) throw new Error(`${failures} of ${result.requests} requests to ${url} failed`);
  return { ...result, perCpuSecond: result.requests / (cpuSeconds(pid) - usedBefore) };
}

/** Seconds of CPU that a process has used in all its threads, those that have ended too. Linux counts in hundredths. */
function cpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // proc_pid_stat(5): field 2 is a name in parentheses that may hold anything; 14 and 15 are user and system time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The same in milliseconds and finely, for a process that ends no threads. */
export function fineCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = (thread: string) =>
    readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0];
  return threads.reduce((sum, thread) => sum + Number(nanoseconds(thread)) / 1e6, 0);
}

/** Bytes that a process has in memory. */
export function residentBytes(pid: number): number {
  const [, kilobytes = ''] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
