import { fork, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './project.ts';

export interface WorkerOptions {
  /** In `bench/workers/`. */
  readonly file: string;
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What it waits for. */
  readonly message?: object;
}

const TIMEOUT_MS = 120_000;

/** Runs a worker to its end with its standard output thrown away. @returns the one message that it sends */
export async function runWorker<T>({
  file,
  parameters = [],
  environment = {},
  message: sent,
}: WorkerOptions): Promise<T> {
  const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc'];
  const options = { env: environment, execArgv: [], stdio, timeout: TIMEOUT_MS };
  const child = fork(join(ROOT, 'bench/workers', file), parameters, options);
  if (sent !== undefined) child.send(sent);
  const ended = once(child, 'exit').then(([code, signal]) => Promise.reject(new Error(`${file}: ${code ?? signal}`)));
  try {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return message as T;
  } finally {
    ended.catch(() => undefined);
    child.kill();
  }
}
