import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { atEnd } from './at-end.ts';

export interface Child {
  readonly process: ChildProcess;
  /** The next line of its standard output that holds `text`; lines before it are dropped. */
  readonly lineWith: (text: string) => Promise<string>;
  /** Exit code, or the signal that ended it, or why it could not be started. */
  readonly exit: Promise<number | string | null>;
}

export interface ChildOptions {
  readonly command: string;
  readonly parameters: readonly string[];
  /** All of it: nothing of this process's environment is handed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly withMessages?: boolean;
}

/** Starts a process that the end of the test kills; what it complained of is shown when the test has failed. */
export function startChild(t: TestContext, options: ChildOptions): Child {
  const { command, parameters, environment, cwd, withMessages = false } = options;
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', ...(withMessages ? (['ipc'] as const) : [])];
  const child = spawn(command, parameters, { cwd, env: environment, stdio });
  const exit = once(child, 'exit').then(
    ([code, signal]) => code ?? signal,
    (error: Error) => error.message,
  );
  const complaints: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await exit;
    if (!hasPassed(t)) process.stderr.write(complaints.join(''));
  });
  if (child.stdout === null) throw new TypeError('no standard output');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const lineWith = async (text: string): Promise<string> => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done === true) throw new Error(`standard output ended without "${text}"`);
      if (value.includes(text)) return value;
    }
  };
  return { process: child, lineWith, exit };
}

/** Node has had `passed` since 21.7, its types have not. */
function hasPassed(t: TestContext): boolean {
  return 'passed' in t && t.passed === true;
}
