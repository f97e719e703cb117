import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createLocalIam } from '../../lib/local/iam.ts';
import type { LocalAccount } from '../../lib/local/iam-accounts.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from './contract.ts';
import { plainServer, serveOnLoopback } from './loopback.ts';

const DOMAIN = { id: 'default', name: 'Default' };
const PROJECTS = [
  { id: PROJECT_ID, name: 'demo' },
  { id: OTHER_PROJECT_ID, name: 'other' },
];

export const PASSWORD = 'correct-horse-battery-staple';

/** A role that the tests' service asks for, and a user without it. */
export const ALLOWED_ROLE = 'te_admin';

const ACCOUNTS: readonly LocalAccount[] = [
  account('demo', [{ id: '0', name: ALLOWED_ROLE }]),
  account('reader', [{ id: '1', name: 'readonly' }]),
];

function account(name: string, roles: LocalAccount['roles']): LocalAccount {
  return { user: { id: `id-of-${name}`, name }, password: PASSWORD, domain: DOMAIN, projects: PROJECTS, roles };
}

/** Tokens by the names that the samples in `events/` give them. */
export type Tokens = Readonly<Record<TokenName, string>>;
export type TokenName =
  | 'TOKEN'
  | 'OTHER_PROJECT_TOKEN'
  | 'UNSCOPED_TOKEN'
  | 'ROLELESS_TOKEN'
  | 'EXPIRED_TOKEN'
  | 'UNKNOWN_TOKEN';

export interface EmbeddedIam {
  /** As in `IAM_URL`. */
  readonly url: string;
  readonly tokens: Tokens;
  /** How many requests it has got. */
  readonly calls: () => number;
  close(): void;
}

const TWO_DAYS_MS = 2 * 24 * 60 * 60 * 1000;

/** The embedded IAM on a free port of 127.0.0.1, and tokens that it has issued just now. */
export async function startEmbeddedIam(): Promise<EmbeddedIam> {
  const server = plainServer();
  const { origin, close } = await serveOnLoopback(server);
  const url = `${origin}/v3`;
  const make = (now: () => number) =>
    createLocalIam({
      accounts: ACCOUNTS,
      baseUrl: url,
      kmsUrl: `${origin}/v1.0`,
      now,
      randomBytes: (length) => randomBytes(length),
    });
  const current = make(Date.now);
  // Its clock is two days slow: it takes for good what has expired for everybody else.
  const slow = make(() => Date.now() - TWO_DAYS_MS);
  let calls = 0;
  let expired = '';
  server.on('request', (request, response) => {
    calls += 1;
    const isOfSlow = request.headers['x-subject-token'] === expired || request.headers['x-issuer'] === 'slow';
    (isOfSlow ? slow : current)(request, response);
  });
  const demo = { project: { name: 'demo', domain: DOMAIN } };
  expired = await login(url, 'demo', demo, { 'X-Issuer': 'slow' });
  const tokens = {
    TOKEN: await login(url, 'demo', demo),
    OTHER_PROJECT_TOKEN: await login(url, 'demo', { project: { name: 'other', domain: DOMAIN } }),
    UNSCOPED_TOKEN: await login(url, 'demo', 'unscoped'),
    ROLELESS_TOKEN: await login(url, 'reader', demo),
    EXPIRED_TOKEN: expired,
    UNKNOWN_TOKEN: randomBytes(32).toString('base64url'),
  };
  return { url, tokens, calls: () => calls, close };
}

async function login(url: string, name: string, scope: unknown, headers: Record<string, string> = {}) {
  const user = { name, password: PASSWORD, domain: { name: DOMAIN.name } };
  const answer = await fetch(`${url}/auth/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } }, scope } }),
  });
  assert.equal(answer.status, 201);
  return answer.headers.get('X-Subject-Token') ?? '';
}
