import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningProgram, startProgram } from '../../compat/processes.ts';

export interface Moto {
  readonly origin: string;
  readonly stop: RunningProgram['stop'];
}

const ROOT = join(import.meta.dirname, '../../..');
const SERVER = join(ROOT, '.cache/moto-venv/bin/moto_server');

/** Moto's server on a free port of the loopback. @throws {Error} before `scripts/install-moto.sh` has run */
export async function startMoto(): Promise<Moto> {
  if (!existsSync(SERVER)) throw new Error('moto is not installed: run scripts/install-moto.sh');
  const program = {
    command: SERVER,
    parameters: ['-H', '127.0.0.1', '-p', '0'],
    environment: { PATH: '/usr/bin:/bin', HOME: '/nowhere', LANG: 'C.UTF-8' },
    cwd: ROOT,
  };
  const { ready, stop } = await startProgram(program, /Running on (http:\/\/127\.0\.0\.1:\d+)/);
  const [, origin = ''] = ready;
  return { origin, stop };
}
