import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { object, parse, picklist, unknown } from 'valibot';
import { type Child, startChild } from './child.ts';
import { unpack } from './unpack.ts';

const NODE = join(import.meta.dirname, 'node_modules/node-20-15/bin/node');
const HOST = join(import.meta.dirname, 'functiongraph-host.cjs');

const Answer = object({ kind: picklist(['result', 'error']), value: unknown() });

export interface FunctionGraph {
  readonly child: Child;
  readonly nodeVersion: unknown;
  /** Calls the initializer. @throws what it reports */
  readonly initialize: () => Promise<unknown>;
  readonly invoke: (event: unknown) => Promise<unknown>;
}

export interface FunctionGraphOptions {
  /** What `context.getUserData` knows. */
  readonly userData?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Unpacks the function and runs it under FunctionGraph's Node; one call at a time. */
export async function startFunctionGraph(t: TestContext, options: FunctionGraphOptions): Promise<FunctionGraph> {
  const { userData = {}, environment = {} } = options;
  const cwd = unpack(t, 'dist/functiongraph-http.zip');
  const parameters = [HOST, join(cwd, 'http.js'), JSON.stringify(userData)];
  const child = startChild(t, { command: NODE, parameters, cwd, environment, withMessages: true });

  const answer = async (): Promise<unknown> => {
    const ended = child.exit.then((code) => Promise.reject(new Error(`the function's process ended with ${code}`)));
    const [message] = await Promise.race([once(child.process, 'message'), ended]);
    const { kind, value } = parse(Answer, message);
    if (kind === 'error') throw new Error(String(value));
    return value;
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
