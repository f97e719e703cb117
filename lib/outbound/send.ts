import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { MAX_HEADER_BYTES } from '../limits.ts';

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for everything: connection, retry, answer. */
  readonly timeoutMs: number;
  /** Gives the request up earlier, as a time-out, and frees what it holds. */
  readonly signal?: AbortSignal;
  /** An answer longer than this is cut off and counts as a failure. */
  readonly maxAnswerBytes: number;
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Failed {
  readonly kind: 'failed';
  readonly failure: 'timeout' | 'unreachable' | 'bad-answer';
  /** Fixed words and error codes of the system; nothing that the other side wrote. */
  readonly detail: string;
  readonly cause?: unknown;
}

export type Outcome = Answer | Failed;

/** Sends one request. Never throws, never follows a redirect, always verifies the certificate. */
export type Send = (request: OutboundRequest) => Promise<Outcome>;

type RequestFunction = typeof import('node:http').request;

interface Transport {
  readonly request: RequestFunction;
  readonly agent: Agent;
}

/**
 * A client over kept-alive connections. Each protocol's module is loaded when it is first needed: `node:https` costs 9 ms of
 * start-up, the global `fetch` 25 to 34 ms.
 */
export function createSend(): Send {
  const transports = new Map<string, Promise<Transport>>();
  return async (request) => {
    const { protocol } = request.url;
    let transport = transports.get(protocol);
    if (transport === undefined) {
      transport = protocol === 'https:' ? loadHttps() : loadHttp();
      transports.set(protocol, transport);
    }
    return attempt(await transport, request);
  };
}

async function loadHttps(): Promise<Transport> {
  const https = await import('node:https');
  return { request: https.request, agent: new https.Agent({ keepAlive: true }) };
}

async function loadHttp(): Promise<Transport> {
  const http = await import('node:http');
  return { request: http.request, agent: new http.Agent({ keepAlive: true }) };
}

function attempt(transport: Transport, request: OutboundRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    let settled = false;
    let current: ClientRequest | undefined;
    const settle = (outcome: Outcome): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onTimeout);
      resolve(outcome);
      if (outcome.kind === 'failed') current?.destroy();
    };
    const onTimeout = (): void => settle(failed('timeout', 'no answer in time'));
    const timer = setTimeout(onTimeout, request.timeoutMs);
    request.signal?.addEventListener('abort', onTimeout, { once: true });
    if (request.signal?.aborted) return onTimeout();
    const start = (agent: Agent | false): void => {
      const options = { method: request.method, agent, maxHeaderSize: MAX_HEADER_BYTES, rejectUnauthorized: true };
      const outgoing = transport.request(request.url, options, (answer) => collect(answer, request, settle));
      current = outgoing;
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (settled) return;
        // A kept connection may have been closed by the other side unnoticed, and so may the next one: retried on a fresh one.
        if (agent !== false && BROKEN_CONNECTION.has(error.code ?? '')) start(false);
        else settle(failed('unreachable', `connection failed (${error.code ?? 'no code'})`, error));
      });
      // Not among the options: a kept connection remembers those of its first request, and a token would stay in memory with it.
      for (const [name, value] of Object.entries(request.headers)) outgoing.setHeader(name, value);
      outgoing.end(request.body);
    };
    try {
      start(transport.agent);
    } catch (error) {
      settle(failed('unreachable', 'the request could not be made', error));
    }
  });
}

const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE']);

function collect(answer: IncomingMessage, request: OutboundRequest, settle: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > request.maxAnswerBytes) settle(failed('bad-answer', 'answer is too long'));
    else chunks.push(chunk);
  });
  answer.on('error', (error: NodeJS.ErrnoException) => {
    settle(failed('unreachable', `answer broke off (${error.code ?? 'no code'})`, error));
  });
  answer.on('end', () => {
    const { statusCode = 0, headers } = answer;
    settle({ kind: 'answer', status: statusCode, headers, body: Buffer.concat(chunks) });
  });
}

function failed(failure: Failed['failure'], detail: string, cause?: unknown): Failed {
  return { kind: 'failed', failure, detail, cause };
}
