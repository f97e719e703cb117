import { join } from 'node:path';
import { type RunningProgram, startProgram } from './processes.ts';

export interface Service extends Pick<RunningProgram, 'stop'> {
  /** Such as `http://127.0.0.1:8000`. */
  readonly baseUrl: string;
}

/** This service in a process of its own, on a free port of 127.0.0.1. */
export async function startService(environment: Readonly<Record<string, string>>): Promise<Service> {
  const { ready, stop } = await start('handlers/server.ts', environment, /"listening".*"port":(\d+)/);
  return { baseUrl: `http://127.0.0.1:${ready[1]}`, stop };
}

/** The local run: this service with its embedded IAM. */
export async function startLocalRun(): Promise<Service> {
  const { ready, stop } = await start('handlers/local.ts', {}, /^gen-random on (http:[^\s,]+),/m);
  return { baseUrl: ready[1] ?? '', stop };
}

function start(handler: string, environment: Readonly<Record<string, string>>, ready: RegExp): Promise<RunningProgram> {
  return startProgram(
    {
      command: process.execPath,
      parameters: [handler],
      environment: { HOST: '127.0.0.1', PORT: '0', ...environment },
      cwd: join(import.meta.dirname, '../..'),
    },
    ready,
  );
}
