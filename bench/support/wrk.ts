import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './project.ts';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Headers as wrk takes them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly method?: string;
  /** Milliseconds that each connection waits before its next request; absent: it asks as fast as it goes. */
  readonly pauseMs?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers other than 2xx and 3xx, and connections that failed. */
  readonly failures: number;
}

/** wrk on the first core: the server has the second one. */
const CLIENT_CORE = '0';

/** Asks for so many seconds. */
export async function load({
  url,
  connections,
  seconds,
  headers = {},
  body = '',
  method = 'POST',
  pauseMs,
}: Load): Promise<LoadResult> {
  const parameters = [
    ...['-c', CLIENT_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'],
    ...['-s', join(ROOT, 'bench/support/wrk.lua')],
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...[url, '--', method, body, ...(pauseMs === undefined ? [] : [String(pauseMs)])],
  ];
  const { stdout } = await promisify(execFile)('taskset', parameters, { timeout: (seconds + 30) * 1000 });
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`wrk wrote no result: ${stdout}`);
  return JSON.parse(line) as LoadResult;
}
