import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProgram, startProgram } from '../compat/processes.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram } from './run.ts';
import { tool } from './tools.ts';

export const REGION = 'eu-central-1';

/** An AWS of its own on the loopback, empty at first. */
export interface EmulatedAws {
  /** What a client of AWS reads from its environment to find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the AWS command line. @returns the JSON that it printed */
  readonly cli: (...parameters: string[]) => Promise<unknown>;
  readonly stop: RunningProgram['stop'];
}

export async function startEmulatedAws(): Promise<EmulatedAws> {
  // Moto leaves files where it stands.
  const home = mkdtempSync(join(tmpdir(), 'gen-random-aws-'));
  const port = await freePort();
  const path = { PATH: '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' };
  const server = await startProgram(
    {
      command: tool('python'),
      parameters: [join(import.meta.dirname, 'moto-server.py'), '-H', '127.0.0.1', '-p', String(port)],
      environment: path,
      cwd: home,
    },
    /Running on http:/,
  );
  const environment = {
    ...path,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
  };
  return {
    environment,
    async cli(...parameters) {
      const output = await runProgram({ command: tool('aws'), parameters, environment, cwd: home });
      return output === '' ? undefined : JSON.parse(output);
    },
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true });
    },
  };
}
