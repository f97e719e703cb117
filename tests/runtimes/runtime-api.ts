import { randomUUID } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { deferred } from '../support/deferred.ts';
import { serveOnLoopback } from './loopback.ts';

const API = '/2018-06-01/runtime';
const REPORT = /\/runtime\/(?:invocation\/([^/]+)|init)\/(response|error)$/;
const INIT = 'init';
const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:gen-random';
/** As in `serverless.yml`. */
const TIMEOUT_MS = 6_000;

export interface Outcome {
  readonly kind: 'response' | 'error';
  readonly body: unknown;
}

/** Lambda's side of the Runtime API, as the runtime client sees it. */
export interface RuntimeApi {
  readonly address: string;
  /** Resolves when the client first asks for work: the end of the init. */
  readonly firstQuestion: Promise<void>;
  /** What the client reports when the function cannot start. */
  readonly initError: Promise<unknown>;
  readonly invoke: (event: unknown) => Promise<Outcome>;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
}

export async function startRuntimeApi(t: TestContext): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const idle: ServerResponse[] = [];
  const { promise: firstQuestion, resolve: onQuestion } = deferred();
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const initError = new Promise<unknown>((resolve) => waiting.set(INIT, ({ body }) => resolve(body)));

  const dispatch = (): void => {
    if (queue.length === 0 || idle.length === 0) return;
    const [invocation, response] = [queue.shift(), idle.shift()];
    if (invocation !== undefined && response !== undefined) deliver(invocation, response);
  };

  const listener: RequestListener = async (request, response) => {
    if (request.url === `${API}/invocation/next`) {
      onQuestion();
      idle.push(response);
      dispatch();
      return;
    }
    const body = await json(request);
    const [, id = INIT, kind] = REPORT.exec(request.url ?? '') ?? [];
    if (kind === 'response' || kind === 'error') waiting.get(id)?.({ kind, body });
    response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
  };

  const address = await serveOnLoopback(t, () => listener);
  return {
    address,
    firstQuestion,
    initError,
    invoke(event) {
      const id = randomUUID();
      const outcome = new Promise<Outcome>((resolve) => waiting.set(id, resolve));
      queue.push({ id, event });
      dispatch();
      return outcome;
    },
  };
}

function deliver({ id, event }: Invocation, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Aws-Request-Id': id,
    'Lambda-Runtime-Deadline-Ms': String(Date.now() + TIMEOUT_MS),
    'Lambda-Runtime-Invoked-Function-Arn': FUNCTION_ARN,
    'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
  });
  response.end(JSON.stringify(event));
}
