import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';

const ROOT = join(import.meta.dirname, '../..');
const CLIENTS = join(import.meta.dirname, 'clients');
const CACHE = join(ROOT, '.cache');
const LIMIT_MS = 30_000;

/** What a client made of one answer. Members that its errors do not have are absent. */
const Outcome = v.strictObject({
  random_data: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-F]+$/))),
  status: v.optional(v.number()),
  code: v.optional(v.string()),
  message: v.optional(v.string()),
  request_id: v.optional(v.string()),
  /** Its error, printed. */
  shown: v.optional(v.string()),
});
export type Outcome = v.InferOutput<typeof Outcome>;

/** A program of `clients/` and what runs it. */
export type Command = readonly string[];

export const python = (script: string): Command => [join(CACHE, 'compat-venv/bin/python'), join(CLIENTS, script)];
export const node = (script: string): Command => [process.execPath, join(CLIENTS, script)];
export const go = (program: string): Command => [join(CACHE, 'compat-go', program)];
export function java(program: string): Command {
  const classes = join(CACHE, 'compat-java', program);
  return ['java', '-cp', `${classes}/*:${classes}`, 'Draw'];
}

export interface RunningClient {
  /** Gives the client a line of its input. Without one, what it says before it reads any. */
  readonly draw: (line?: string | number) => Promise<Outcome>;
  readonly stop: () => void;
}

const running = new Set<() => void>();
process.once('exit', () => running.forEach((kill) => void kill()));

/**
 * Starts a client, logged in by what its environment says.
 *
 * @param files in its home, by name
 */
export function startClient(
  [command = '', ...parameters]: Command,
  environment: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): RunningClient {
  // Huawei's SDKs leave a file in the user's home.
  const home = mkdtempSync(join(tmpdir(), 'gen-random-client-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  const env = { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', ...environment };
  const child = spawn(command, parameters, { env, cwd: home });
  const kill = () => void child.kill('SIGKILL');
  running.add(kill);
  child.once('exit', () => running.delete(kill));
  // One that could not log in has ended before it is written to.
  child.stdin.on('error', () => undefined);
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    async draw(line) {
      if (line !== undefined) child.stdin.write(`${line}\n`);
      const timer = setTimeout(kill, LIMIT_MS);
      try {
        for (;;) {
          const { value, done } = await lines.next();
          if (done === true) throw new Error(`${[command, ...parameters].join(' ')} says nothing:\n${complaints}`);
          // The SDK for Node logs to the same output.
          if (/^\{".*\}$/.test(value)) return v.parse(Outcome, JSON.parse(value));
        }
      } finally {
        clearTimeout(timer);
      }
    },
    stop() {
      kill();
      rmSync(home, { recursive: true });
    },
  };
}
