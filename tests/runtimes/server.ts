import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { number, object, parse } from 'valibot';
import { type Child, startChild } from './child.ts';
import { ROOT, temporaryFolder, unpack } from './unpack.ts';

const FUNCTIONGRAPH_NODE = join(import.meta.dirname, 'node_modules/node-20-15/bin/node');
const Listening = object({ port: number() });

export interface ServerOptions {
  /** `container`: `dist/server` on this Node. `functiongraph`: the packaged HTTP function on FunctionGraph's. */
  readonly on?: 'container' | 'functiongraph';
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly child: Child;
  readonly port: number;
  readonly url: string;
}

/** The bundled server in a folder of its own, on a free port of the loopback. */
export async function startServer(
  t: TestContext,
  { on = 'container', environment = {} }: ServerOptions,
): Promise<RunningServer> {
  const isFunction = on === 'functiongraph';
  const cwd = isFunction ? unpack(t, 'dist/functiongraph-server.zip') : temporaryFolder(t);
  if (!isFunction) cpSync(join(ROOT, 'dist/server'), cwd, { recursive: true });
  const child = startChild(t, {
    command: isFunction ? FUNCTIONGRAPH_NODE : process.execPath,
    parameters: ['server.js'],
    cwd,
    environment: { HOST: '127.0.0.1', PORT: '0', ...environment },
  });
  const { port } = parse(Listening, JSON.parse(await child.lineWith('"listening"')));
  return { child, port, url: `http://127.0.0.1:${port}` };
}
