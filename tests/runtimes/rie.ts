import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { atEnd } from './at-end.ts';
import { type Child, startChild } from './child.ts';
import { ROOT, unpack } from './unpack.ts';

const EMULATOR = join(ROOT, '.cache/rie/aws-lambda-rie');
const RUNTIME_CLIENT = join(import.meta.dirname, 'node_modules/aws-lambda-ric/index.mjs');
const INVOCATIONS = '/2015-03-31/functions/function/invocations';
const START_LIMIT_MS = 10_000;
const PAUSE_MS = 20;

export interface EmulatedLambda {
  readonly child: Child;
  /** The answer's text: Lambda's has no shape of its own when time has run out. */
  readonly invoke: (event: unknown) => Promise<string>;
}

export interface EmulatedLambdaOptions {
  readonly name: 'http' | 'event';
  readonly timeoutSeconds: number;
  readonly variables?: Readonly<Record<string, string>>;
}

/** AWS's Runtime Interface Emulator with its real runtime client in it, which runs the packaged function. */
export async function startEmulatedLambda(t: TestContext, options: EmulatedLambdaOptions): Promise<EmulatedLambda> {
  const taskRoot = unpack(t, `.serverless/${options.name}.zip`);
  const port = await freePort();
  const [door, runtimeApi] = [`127.0.0.1:${port}`, `127.0.0.1:${await freePort()}`];
  const addresses = ['--runtime-interface-emulator-address', door, '--runtime-api-address', runtimeApi];
  const child = startChild(t, {
    command: EMULATOR,
    parameters: [...addresses, process.execPath, RUNTIME_CLIENT, `dist/lambda/${options.name}.handler`],
    cwd: taskRoot,
    environment: {
      PATH: '/usr/bin:/bin',
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_LAMBDA_FUNCTION_NAME: `gen-random-test-${options.name}`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(options.timeoutSeconds),
      ...options.variables,
    },
  });
  // Unlike a kill, this ends the function's process too.
  atEnd(t, async () => {
    child.process.kill('SIGTERM');
    await child.exit;
  });
  await listening(port);
  return {
    child,
    async invoke(event) {
      const answer = await fetch(`http://${door}${INVOCATIONS}`, { method: 'POST', body: JSON.stringify(event) });
      return answer.text();
    },
  };
}

/** The emulator says nothing when it listens. */
async function listening(port: number): Promise<void> {
  const endsAtMs = Date.now() + START_LIMIT_MS;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (Date.now() > endsAtMs) throw error;
      await setTimeout(PAUSE_MS);
    } finally {
      socket.destroy();
    }
  }
}
