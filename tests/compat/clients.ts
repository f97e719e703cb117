import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './processes.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLIENTS = join(import.meta.dirname, 'clients');
const PYTHON = join(ROOT, '.cache/compat-venv/bin/python');

/** Hands a task to a client's script. @returns what its last line holds */
export async function runClient(script: string, task: object): Promise<unknown> {
  // Huawei's SDKs leave a file in the user's home.
  const home = mkdtempSync(join(tmpdir(), 'gen-random-client-'));
  try {
    const output = await runProgram({
      command: script.endsWith('.py') ? PYTHON : process.execPath,
      parameters: [join(CLIENTS, script), JSON.stringify(task)],
      environment: { PATH: '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' },
      cwd: home,
    });
    return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
  } finally {
    rmSync(home, { recursive: true });
  }
}
