import type { RequestListener } from 'node:http';
import { serveOnLoopback } from '../../tests/runtimes/loopback.ts';
import { PROJECT_ID } from './project.ts';
import type { Scope } from './scope.ts';

export interface StubIam {
  readonly url: string;
  /** Validations that were asked for so far. */
  readonly asked: () => number;
  /** Milliseconds that it took for them, in all. */
  readonly tookMs: () => number;
}

/** An IAM that knows every token at once: what is measured is the service, not a Keystone. */
export async function startStubIam(scope: Scope): Promise<StubIam> {
  let asked = 0;
  let tookMs = 0;
  const body = JSON.stringify(validation());
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const listener: RequestListener = (request, response) => {
    const startedAtMs = performance.now();
    asked += 1;
    request.resume();
    response.writeHead(200, { ...headers, 'X-Subject-Token': String(request.headers['x-subject-token']) });
    response.end(body, () => {
      tookMs += performance.now() - startedAtMs;
    });
  };
  const host = await serveOnLoopback(scope, () => listener);
  return { url: `http://${host}/v3`, asked: () => asked, tookMs: () => tookMs };
}

function validation(): unknown {
  const domain = { id: 'd1', name: 'Default' };
  return {
    token: {
      methods: ['password'],
      issued_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString(),
      user: { id: 'u1', name: 'bench', domain },
      project: { id: PROJECT_ID, name: 'bench', domain },
      roles: [{ id: 'r1', name: 'te_admin' }],
    },
  };
}
