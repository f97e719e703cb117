import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Scope, serveOnLoopback } from './loopback.ts';

/** How a cloud's KMS on loopback answers one request. */
export type Behaviour =
  | 'good'
  | 'stuck'
  | 'throttled'
  | 'server-error'
  | 'access-denied'
  | 'silent'
  | 'half-an-answer'
  | 'short'
  | 'long'
  | 'without-bytes'
  | 'garbage'
  | 'reset';

export interface WrittenAnswer {
  readonly status: number;
  readonly body: string;
}

/** One cloud's way of saying things. */
export interface Dialect {
  /** What is wrong with a request, or undefined. */
  refuse(request: IncomingMessage, body: Buffer, nowMs: number): WrittenAnswer | undefined;
  bytesWanted(body: Buffer): number;
  good(bytes: Buffer): string;
  readonly withoutBytes: string;
  readonly throttled: WrittenAnswer;
  readonly serverError: WrittenAnswer;
  readonly accessDenied: WrittenAnswer;
}

export interface KmsBackend {
  readonly origin: string;
  /** How the requests from now on are answered; the last behaviour holds for all that follow. */
  behave(...behaviours: readonly [Behaviour, ...Behaviour[]]): void;
  /** Requests since it was last told how to behave. */
  readonly requests: () => number;
  /** What `refuse` said since then. */
  readonly refusals: () => readonly WrittenAnswer[];
  /** The bytes of the last good answer. */
  readonly given: () => Buffer;
  /** Requests that are neither answered nor given up. */
  readonly pending: () => number;
  /** Milliseconds by which its clock is ahead of ours. */
  setClockAhead(milliseconds: number): void;
  close(): void;
}

/** A KMS on a free port of 127.0.0.1, until the scope is over. */
export async function startKmsBackend(dialect: Dialect, scope?: Scope): Promise<KmsBackend> {
  let behaviours: readonly Behaviour[] = ['good'];
  let requests = 0;
  let refusals: WrittenAnswer[] = [];
  let given: Buffer = Buffer.alloc(0);
  let aheadMs = 0;
  let pending = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behaviour = behaviours[Math.min(requests, behaviours.length - 1)] ?? 'good';
    requests += 1;
    pending += 1;
    response.once('close', () => {
      pending -= 1;
    });
    const body = await buffer(request);
    const nowMs = Date.now() + aheadMs;
    response.setHeader('Date', new Date(nowMs).toUTCString());
    const refusal = dialect.refuse(request, body, nowMs);
    if (refusal !== undefined) {
      refusals.push(refusal);
      write(response, refusal);
      return;
    }
    given = react({ behaviour, dialect, response, wanted: dialect.bytesWanted(body) });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const { origin, close } = await serveOnLoopback(server, scope);
  return {
    origin,
    close,
    behave(...next) {
      behaviours = next;
      requests = 0;
      refusals = [];
    },
    requests: () => requests,
    refusals: () => refusals,
    given: () => given,
    pending: () => pending,
    setClockAhead(milliseconds) {
      aheadMs = milliseconds;
    },
  };
}

interface Reaction {
  readonly behaviour: Behaviour;
  readonly dialect: Dialect;
  readonly response: ServerResponse;
  readonly wanted: number;
}

/** @returns the bytes that were given */
function react({ behaviour, dialect, response, wanted }: Reaction): Buffer {
  const bytes = behaviour === 'stuck' ? Buffer.alloc(wanted, 0xa5) : randomBytes(wanted);
  const ok = (body: string): WrittenAnswer => ({ status: 200, body });
  const answers: Partial<Record<Behaviour, WrittenAnswer>> = {
    good: ok(dialect.good(bytes)),
    stuck: ok(dialect.good(bytes)),
    throttled: dialect.throttled,
    'server-error': dialect.serverError,
    'access-denied': dialect.accessDenied,
    short: ok(dialect.good(bytes.subarray(1))),
    long: ok(dialect.good(Buffer.concat([bytes, bytes.subarray(0, 1)]))),
    'without-bytes': ok(dialect.withoutBytes),
    garbage: ok('<html>{'),
  };
  const answer = answers[behaviour];
  if (answer !== undefined) write(response, answer);
  else if (behaviour === 'reset') response.socket?.resetAndDestroy();
  else if (behaviour === 'half-an-answer') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 }).write('{');
  }
  return bytes;
}

function write(response: ServerResponse, { status, body }: WrittenAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
}
