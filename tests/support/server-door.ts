import assert from 'node:assert/strict';
import { type IncomingMessage, request as startRequest } from 'node:http';
import { createHttpDoor } from '../../lib/adapters/container/http-door.ts';
import { createHttpServer, serve } from '../../lib/adapters/container/http-server.ts';
import type { App } from '../../lib/app/core.ts';
import { type Answer, UUID } from './contract.ts';
import type { Door } from './doors.ts';
import { type Scope, serveOnLoopback } from './loopback.ts';
import type { WireRequest } from './wire-request.ts';

export interface ServerDoor {
  readonly door: Door;
  readonly port: number;
  close(): void;
}

/** The container's server on a free port of 127.0.0.1, until the scope is over. */
export async function openServerDoor(app: App, scope?: Scope): Promise<ServerDoor> {
  const server = createHttpServer();
  serve(server, app, createHttpDoor(app));
  const { port, close } = await serveOnLoopback(server, scope);
  const door: Door = {
    name: 'server',
    keepsRepeatedHeaders: true,
    async send(request) {
      const answer = readAnswer(await exchange(port, request), request.method);
      return { answer, requestId: uuidIn(answer) };
    },
  };
  return { door, port, close };
}

interface RawAnswer {
  readonly message: IncomingMessage;
  readonly bytes: Buffer;
}

function exchange(port: number, request: WireRequest): Promise<RawAnswer> {
  const { method, path, query, headers, body } = request;
  return new Promise((resolve, reject) => {
    // An array of lines: as an object, Node would join what is sent twice.
    const lines = [['Host', `127.0.0.1:${port}`], ...headers, ['Content-Length', String(body.length)]].flat();
    const target = query === '' ? path : `${path}?${query}`;
    const outgoing = startRequest({ host: '127.0.0.1', port, method, path: target, headers: lines, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('end', () => resolve({ message, bytes: Buffer.concat(chunks) }));
      message.on('error', reject);
    });
    outgoing.end(body);
  });
}

/** Headers of the connection, which the server adds by itself. */
const OF_THE_CONNECTION = new Set(['date', 'connection', 'keep-alive', 'content-length']);

function readAnswer({ message, bytes }: RawAnswer, method: string): Answer {
  const lines: [string, string][] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    lines.push([message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '']);
  }
  const own = lines.filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
  assert.equal(new Set(own.map(([name]) => name.toLowerCase())).size, own.length, 'a header twice');
  if (method !== 'HEAD') assert.equal(message.headers['content-length'], String(bytes.length));
  return { status: message.statusCode ?? 0, headers: Object.fromEntries(own), body: bytes.toString('utf8') };
}

function uuidIn(answer: Answer): string {
  const id = answer.headers['X-Request-Id'] ?? '';
  assert.match(id, UUID);
  return id;
}
