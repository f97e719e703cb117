import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const FOLDER = fileURLToPath(new URL('../../', import.meta.url));

export interface RunningProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** The first match in standard output, as soon as it is there. Rejects if the process ends without it. */
  written(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it, once all its output is read. */
  readonly ended: Promise<number | string>;
}

/** Runs a file of `handlers/` under this Node with the given variables alone, until the end of the test. */
export function runHandler(
  context: TestContext,
  file: string,
  environment: Readonly<Record<string, string>>,
): RunningProcess {
  const child = spawn(process.execPath, [`handlers/${file}`], { cwd: FOLDER, env: environment });
  context.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return {
    child,
    output,
    ended,
    async written(pattern) {
      for (;;) {
        const match = pattern.exec(output.stdout);
        if (match !== null) return match;
        const more = once(child.stdout, 'data').then(() => true);
        if (!(await Promise.race([more, ended.then(() => false)]))) {
          throw new Error(`ended without ${pattern}: ${output.stderr}`);
        }
      }
    },
  };
}

export interface RunningServer extends RunningProcess {
  readonly port: number;
}

/** The container's server on a free port of 127.0.0.1, once it listens. */
export async function runServer(
  context: TestContext,
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const running = runHandler(context, 'server.ts', { HOST: '127.0.0.1', PORT: '0', ...environment });
  const [, port] = await running.written(/"message":"listening".*"port":([0-9]+)/);
  return { ...running, port: Number(port) };
}
