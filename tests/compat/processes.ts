import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

export interface Program {
  readonly command: string;
  readonly parameters: readonly string[];
  /** All of it: nothing of this process's environment is handed on. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface RunningProgram {
  /** What `ready` matched. */
  readonly ready: RegExpExecArray;
  /** Ends it and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

const START_LIMIT_MS = 60_000;
/** What a program wrote last is shown when it does not start. */
const KEPT_OUTPUT_CHARACTERS = 4_000;
const STOP_LIMIT_MS = 5_000;

/** Runs a program to its end. @returns its standard output @throws {Error} with its standard error, if it fails */
export async function runProgram({ command, parameters, environment, cwd }: Program): Promise<string> {
  const { stdout } = await promisify(execFile)(command, parameters, { env: environment, cwd, timeout: START_LIMIT_MS });
  return stdout;
}

/** Starts a program and waits until what it writes, to either output, matches. @throws {Error} with what it wrote, if it does not */
export async function startProgram(program: Program, ready: RegExp): Promise<RunningProgram> {
  const { command, parameters, environment, cwd } = program;
  const child = spawn(command, parameters, { env: environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit').then(() => void process.off('exit', kill));
  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    const timer = setTimeout(kill, STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }

  let output = '';
  const found = new Promise<RegExpExecArray>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${command} ${reason}:\n${output}`));
    const timer = setTimeout(fail, START_LIMIT_MS, 'did not start in time');
    const read = (chunk: string) => {
      output = (output + chunk).slice(-KEPT_OUTPUT_CHARACTERS);
      const match = ready.exec(output);
      if (match !== null) resolve(match);
    };
    // Read to the end: a full pipe would stop the program.
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => fail(`ended early (${code ?? signal})`));
    exited.finally(() => clearTimeout(timer)).catch(reject);
  });
  try {
    return { ready: await found, stop };
  } catch (error) {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await stop();
    throw error;
  }
}
