import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { PROJECT_ID } from '../support/contract.ts';
import { serveOnLoopback } from '../support/loopback.ts';

/** What the IAM and the KMS of a test do now. */
export interface Backends {
  readonly origin: string;
  iam: 'good' | 'down' | 'slow' | 'refuses';
  kms: 'good' | 'throttles' | 'stuck';
}

/** One server that is both, on a free port of 127.0.0.1. */
export async function startBackends(context: TestContext): Promise<Backends> {
  const server = createServer(async (request, response) => {
    if (request.url?.startsWith('/v3/') === true) answerIam(backends.iam, response);
    else
      answerKms(
        backends.kms,
        Number(((await json(request)) as { random_data_length: string }).random_data_length),
        response,
      );
  });
  const { origin, close } = await serveOnLoopback(server);
  context.after(close);
  const backends: Backends = { origin, iam: 'good', kms: 'good' };
  return backends;
}

const TOKEN = {
  expires_at: '2099-01-01T00:00:00.000000Z',
  project: { id: PROJECT_ID },
  user: { id: 'u-1' },
  roles: [],
};
const SLOW_MS = 1_200;

function answerIam(behaviour: Backends['iam'], response: ServerResponse): void {
  if (behaviour === 'down') response.destroy();
  else if (behaviour === 'refuses') response.writeHead(404).end('{}');
  else if (behaviour === 'slow') setTimeout(() => response.end(JSON.stringify({ token: TOKEN })), SLOW_MS).unref();
  else response.end(JSON.stringify({ token: TOKEN }));
}

function answerKms(behaviour: Backends['kms'], bits: number, response: ServerResponse): void {
  if (behaviour === 'throttles') response.writeHead(429).end('{}');
  const bytes = behaviour === 'stuck' ? Buffer.alloc(bits / 8, 0xa5) : randomBytes(bits / 8);
  if (behaviour !== 'throttles') response.end(JSON.stringify({ random_data: bytes.toString('hex') }));
}
