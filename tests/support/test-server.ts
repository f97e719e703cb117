import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createHttpDoor } from '../../lib/adapters/container/http-door.ts';
import { createHttpServer, serve } from '../../lib/adapters/container/http-server.ts';
import type { Listener } from '../../lib/adapters/container/send-reply.ts';
import type { App } from '../../lib/app/core.ts';
import { PATH } from './contract.ts';
import { type Scope, serveOnLoopback } from './loopback.ts';
import { openConnection } from './raw-connection.ts';
import type { Fields } from './samples.ts';
import { createScriptedApp, SCRIPTED_TOKEN, type Script } from './scripted-app.ts';

export const TOKEN = SCRIPTED_TOKEN;

export interface TestServer {
  readonly port: number;
  readonly server: Server;
  /** Every line that was logged so far. */
  readonly lines: readonly Fields[];
}

export interface TestServerOptions extends Script {
  /** Called before the server listens. */
  readonly adjust?: (server: Server) => void;
  /** The door. Default: the one of gen-random. */
  readonly listen?: (app: App) => Listener | Promise<Listener>;
}

/** The real server with a scripted app on a free port of 127.0.0.1. */
export async function startTestServer(scope: Scope, options: TestServerOptions = {}): Promise<TestServer> {
  const { app, lines } = createScriptedApp({ freshRequestId: randomUUID, ...options });
  const { listen = createHttpDoor } = options;
  const server = createHttpServer();
  serve(server, app, await listen(app));
  options.adjust?.(server);
  const { port } = await serveOnLoopback(server, scope);
  return { port, server, lines };
}

/** The same with one connection to it, and the server's end of that. */
export async function startConnected(scope: Scope, options?: TestServerOptions) {
  const started = await startTestServer(scope, options);
  const accepted: Promise<Socket> = once(started.server, 'connection').then(([socket]) => socket);
  return { ...started, accepted, connection: openConnection(started.port) };
}

/** Time-outs so short that nobody waits for them. Node looks at the interval when the server begins to listen. */
export function hurry(server: Server): void {
  Object.assign(server, { headersTimeout: 30, requestTimeout: 60, connectionsCheckingInterval: 10 });
}

export const BODY = '{"random_data_length":"8"}';
/** What `BODY` is answered. */
export const ANSWER = '{"random_data":"A5"}';

/** The head of a request, with the headers that every good one has. */
export function head(more: readonly string[] = [], requestLine = `POST ${PATH} HTTP/1.1`): string {
  const lines = [requestLine, 'Host: kms.test', `X-Auth-Token: ${TOKEN}`, 'Content-Type: application/json', ...more];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A request that is answered 200 and `ANSWER`. */
export function goodRequest(more: readonly string[] = []): string {
  return head([`Content-Length: ${BODY.length}`, ...more]) + BODY;
}
