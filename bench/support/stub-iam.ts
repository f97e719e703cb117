import { plainServer, serveOnLoopback } from '../../tests/support/loopback.ts';
import { PROJECT_ID } from './project.ts';
import type { Scope } from './scope.ts';

/** An IAM that knows every token at once: what is measured is the service, not a Keystone. */
export async function startStubIam(scope: Scope) {
  const time = { asked: 0, tookMs: 0 };
  const domain = { id: 'd1', name: 'Default' };
  const body = JSON.stringify({
    token: {
      methods: ['password'],
      issued_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString(),
      user: { id: 'u1', name: 'bench', domain },
      project: { id: PROJECT_ID, name: 'bench', domain },
      roles: [{ id: 'r1', name: 'te_admin' }],
    },
  });
  const server = plainServer((request, response) => {
    const startedAtMs = performance.now();
    time.asked += 1;
    request.resume();
    response.setHeader('X-Subject-Token', String(request.headers['x-subject-token']));
    response.setHeader('Content-Type', 'application/json').end(body, () => {
      time.tookMs += performance.now() - startedAtMs;
    });
  });
  const { origin, close } = await serveOnLoopback(server);
  scope.after(close);
  return {
    /** Configures a function or a server that asks this IAM. */
    environment: { AUTH_METHODS: 'iam', IAM_URL: `${origin}/v3` },
    /** Milliseconds that it takes for a validation, on average. */
    averageMs: () => time.tookMs / time.asked,
  };
}
