import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { PROJECT_ID } from './contract.ts';
import { type Scope, serveOnLoopback } from './loopback.ts';

/** An IAM that knows every token, and keeps its answers until it is told. */
export async function startHeldIam(scope: Scope) {
  const held: ServerResponse[] = [];
  const server = createServer((_, response) => held.push(response));
  const { origin } = await serveOnLoopback(server, scope);
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
  return {
    environment: { IAM_URL: `${origin}/v3`, IAM_TIMEOUT_MS: '60000' },
    /** How many questions wait for their answer. */
    waiting: () => held.length,
    /** Resolves once so many do. */
    async asked(count: number): Promise<void> {
      while (held.length < count) await once(server, 'request');
    },
    answerAll(): void {
      for (const response of held.splice(0)) response.end(JSON.stringify({ token }));
    },
  };
}
