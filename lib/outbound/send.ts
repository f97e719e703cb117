import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { MAX_HEADER_BYTES } from '../limits.ts';
import { agentOptions } from './agents.ts';
import type { ProxySettings } from './proxy.ts';

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Whether the other side may get it twice. It then goes over a kept connection and, where that is broken or silent
   * for half of the time, once more over a fresh one; the first answer counts. Otherwise it goes over a fresh one.
   */
  readonly isRepeatable: boolean;
  /** Milliseconds for everything: connection, repetition, answer. */
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
 * A client over kept-alive connections. Each protocol's module is loaded when it is first needed: `node:https` costs 9
 * ms of start-up, the global `fetch` 25 to 34 ms.
 *
 * @param proxy undefined: none
 */
export function createSend(proxy?: ProxySettings): Send {
  const transports = new Map<string, Promise<Transport>>();
  return async (request) => {
    const { protocol } = request.url;
    let transport = transports.get(protocol);
    if (transport === undefined) {
      transport = protocol === 'https:' ? loadHttps(proxy) : loadHttp(proxy);
      transports.set(protocol, transport);
    }
    return attempt(await transport, request);
  };
}

async function loadHttps(proxy: ProxySettings | undefined): Promise<Transport> {
  const https = await import('node:https');
  return { request: https.request, agent: new https.Agent(agentOptions(proxy)) };
}

async function loadHttp(proxy: ProxySettings | undefined): Promise<Transport> {
  const http = await import('node:http');
  return { request: http.request, agent: new http.Agent(agentOptions(proxy)) };
}

/** One request, perhaps sent a second time. What is not answered is given up when the first outcome is there. */
function attempt({ request: makeRequest, agent }: Transport, request: OutboundRequest): Promise<Outcome> {
  return new Promise((resolve) => {
    const running = new Set<ClientRequest>();
    let mayRepeat = request.isRepeatable;
    let doubt: NodeJS.Timeout | undefined;

    function settle(outcome: Outcome): void {
      clearTimeout(timer);
      clearTimeout(doubt);
      request.signal?.removeEventListener('abort', onTimeout);
      for (const outgoing of running) outgoing.destroy();
      running.clear();
      resolve(outcome);
    }

    function onTimeout(): void {
      settle(failed('timeout', 'no answer in time'));
    }

    /** The outcome of one of them counts unless another may still answer. */
    function end(outgoing: ClientRequest, outcome: Outcome): void {
      if (!running.delete(outgoing)) return;
      if (outcome.kind === 'failed') outgoing.destroy();
      if (outcome.kind === 'answer' || running.size === 0) settle(outcome);
    }

    function repeat(): void {
      mayRepeat = false;
      start();
    }

    function start(): void {
      // A kept connection may be dead without our knowing, and so may the next one.
      if (!mayRepeat) dropKept(agent);
      const { method, timeoutMs: timeout } = request;
      // The time-out ends a tunnel that a silent proxy does not open: destroying the request does not.
      const options = { method, agent, timeout, maxHeaderSize: MAX_HEADER_BYTES, rejectUnauthorized: true };
      const outgoing = makeRequest(request.url, options);
      running.add(outgoing);
      outgoing.on('response', (answer) => {
        clearTimeout(doubt);
        collect(answer, request.maxAnswerBytes, (outcome) => end(outgoing, outcome));
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (running.has(outgoing) && mayRepeat && BROKEN_CONNECTION.has(error.code ?? '')) repeat();
        end(outgoing, failed('unreachable', `connection failed (${error.code ?? 'no code'})`, error));
      });
      if (mayRepeat && outgoing.reusedSocket) doubt = setTimeout(repeat, request.timeoutMs / 2);
      // Not among the options: a kept connection remembers those of its first request, and a token with them.
      for (const [name, value] of Object.entries(request.headers)) outgoing.setHeader(name, value);
      outgoing.end(request.body);
    }

    const timer = setTimeout(onTimeout, request.timeoutMs);
    request.signal?.addEventListener('abort', onTimeout, { once: true });
    if (request.signal?.aborted) return onTimeout();
    try {
      start();
    } catch (error) {
      settle(failed('unreachable', 'the request could not be made', error));
    }
  });
}

const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE']);

function dropKept(agent: Agent): void {
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

function collect(answer: IncomingMessage, maxBytes: number, end: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) end(failed('bad-answer', 'answer is too long'));
    else chunks.push(chunk);
  });
  answer.on('error', (error: NodeJS.ErrnoException) => {
    end(failed('unreachable', `answer broke off (${error.code ?? 'no code'})`, error));
  });
  answer.on('end', () => {
    const { statusCode = 0, headers } = answer;
    end({ kind: 'answer', status: statusCode, headers, body: Buffer.concat(chunks) });
  });
}

function failed(failure: Failed['failure'], detail: string, cause?: unknown): Failed {
  return { kind: 'failed', failure, detail, cause };
}
