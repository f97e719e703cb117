import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createLocalIam } from '../../lib/local/iam.ts';
import { serveOnLoopback } from './loopback.ts';

export const PROJECT_ID = '0123456789abcdef0123456789abcdef';

const PASSWORD = 'correct horse battery staple';
const DOMAIN = { id: 'd1', name: 'Default' };

export interface Iam {
  readonly url: string;
  readonly token: string;
}

/** An IAM of its own for one test, and a token that it has issued for the project. */
export async function startIam(t: TestContext): Promise<Iam> {
  const host = await serveOnLoopback(t, (own) =>
    createLocalIam({
      accounts: [
        {
          user: { id: 'u1', name: 'tester' },
          password: PASSWORD,
          domain: DOMAIN,
          projects: [{ id: PROJECT_ID, name: 'test' }],
          roles: [],
        },
      ],
      baseUrl: `http://${own}/v3`,
      kmsUrl: `http://${own}/v1.0`,
      now: Date.now,
      randomBytes: (length) => randomBytes(length),
    }),
  );
  const url = `http://${host}/v3`;
  return { url, token: await issueToken(url) };
}

async function issueToken(url: string): Promise<string> {
  const user = { name: 'tester', password: PASSWORD, domain: { name: DOMAIN.name } };
  const identity = { methods: ['password'], password: { user } };
  const answer = await fetch(`${url}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope: { project: { id: PROJECT_ID } } } }),
  });
  const token = answer.headers.get('X-Subject-Token');
  assert.ok(token, `IAM answered ${answer.status}`);
  return token;
}
