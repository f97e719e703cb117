import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { object, parse, picklist, string, unknown } from 'valibot';
import { type Child, startChild } from './child.ts';
import { unpack } from './unpack.ts';

const NODE = join(import.meta.dirname, 'node_modules/node-20-15/bin/node');
const HOST = join(import.meta.dirname, 'functiongraph-host.cjs');

const Answer = object({ kind: picklist(['result', 'error']), value: unknown() });

const Thrown = object({ errorType: string(), errorMessage: string() });

export interface FunctionGraph {
  readonly child: Child;
  readonly nodeVersion: unknown;
  /** Calls the initializer. @throws what it reports */
  readonly initialize: () => Promise<unknown>;
  /** @throws {Error} with the name and the message of what the function threw */
  readonly invoke: (event: unknown) => Promise<unknown>;
}

export interface FunctionGraphOptions {
  /** The bundle; `http` where nothing is said. */
  readonly name?: 'http' | 'event';
  /** What `context.getUserData` knows. */
  readonly userData?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Unpacks the function and runs it under FunctionGraph's Node; one call at a time. */
export async function startFunctionGraph(t: TestContext, options: FunctionGraphOptions): Promise<FunctionGraph> {
  const { name = 'http', userData = {}, environment = {} } = options;
  const cwd = unpack(t, `dist/functiongraph-${name}.zip`);
  const parameters = [HOST, join(cwd, `${name}.js`), JSON.stringify(userData)];
  const child = startChild(t, { command: NODE, parameters, cwd, environment, withMessages: true });

  const answer = async (): Promise<unknown> => {
    const ended = child.exit.then((code) => Promise.reject(new Error(`the function's process ended with ${code}`)));
    const [message] = await Promise.race([once(child.process, 'message'), ended]);
    const { kind, value } = parse(Answer, message);
    if (kind === 'result') return value;
    const { errorType, errorMessage } = parse(Thrown, value);
    throw Object.assign(new Error(errorMessage), { name: errorType });
  };
  const call = (message: object): Promise<unknown> => {
    child.process.send(message);
    return answer();
  };
  return {
    child,
    nodeVersion: await answer(),
    initialize: () => call({ kind: 'initialize' }),
    invoke: (event) => call({ kind: 'invoke', event }),
  };
}
