import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { ServiceAccount } from '../../lib/auth/iam/login.ts';
import { createLocalIam } from '../../lib/local/iam.ts';
import type { LocalAccount } from '../../lib/local/iam-accounts.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from '../support/contract.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';

export const START_MS = Date.parse('2025-08-06T10:15:30Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

const DOMAIN = { id: 'default', name: 'Default' };
const PROJECTS = [
  { id: PROJECT_ID, name: 'demo' },
  { id: OTHER_PROJECT_ID, name: 'other' },
];

export const SERVICE: ServiceAccount = {
  user: 'service',
  password: 'Kp7#service-password',
  domain: DOMAIN.name,
  project: 'demo',
};

/** Users by name: one who may draw, one without a role for it, and the service's own. */
const ACCOUNTS: readonly LocalAccount[] = [
  account('demo', 'te_admin'),
  account('reader', 'readonly'),
  account(SERVICE.user, 'secu_admin'),
];

function account(name: string, role: string): LocalAccount {
  const password = name === SERVICE.user ? SERVICE.password : name;
  return { user: { id: `id-of-${name}`, name }, password, domain: DOMAIN, projects: PROJECTS, roles: [named(role)] };
}

function named(name: string) {
  return { id: name, name };
}

/** A clock that is moved by hand. Milliseconds since the epoch. */
export interface Clock {
  ms: number;
}

/** One request of the service under test. */
export interface Asked {
  readonly kind: 'login' | 'validation';
  readonly caller: string | undefined;
  readonly subject: string | undefined;
}

export interface TestIam {
  /** As in `IAM_URL`. */
  readonly url: string;
  readonly clock: Clock;
  /** What the service asked, in order; the test's own logins are not among it. */
  readonly asked: Asked[];
  /** Lets a listener answer the service instead; undefined: the embedded IAM again. */
  misbehave(listener: RequestListener | undefined): void;
  /** What the embedded IAM answers, for such a listener. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** @returns a token of a user, for the project `demo` unless another scope is given */
  issue(user?: string, scope?: unknown): Promise<string>;
  revoke(token: string): Promise<void>;
  /** Nobody listens any more, and every connection is cut. */
  kill(): Promise<void>;
  /** Listens again, where it did. */
  revive(): Promise<void>;
}

export interface TestIamOptions {
  readonly lifetimeSeconds?: number;
}

/** Marks the requests of a test, which IAM answers whatever it does to the service. */
const OF_THE_TEST = 'x-of-the-test';

/** The embedded IAM on a free port of 127.0.0.1, with a clock that stands still. */
export async function startTestIam(context: TestContext, options: TestIamOptions = {}): Promise<TestIam> {
  const clock: Clock = { ms: START_MS };
  const asked: Asked[] = [];
  const server = plainServer();
  const { origin, port, close } = await serveOnLoopback(server);
  context.after(close);
  const url = `${origin}/v3`;
  const iam = createLocalIam({
    accounts: ACCOUNTS,
    baseUrl: url,
    kmsUrl: `${origin}/v1.0`,
    now: () => clock.ms,
    randomBytes: (length) => randomBytes(length),
    ...(options.lifetimeSeconds !== undefined && { tokenLifetimeSeconds: options.lifetimeSeconds }),
  });
  let listener: RequestListener = iam;
  server.on('request', (request, response) => {
    if (OF_THE_TEST in request.headers) return iam(request, response);
    asked.push(readAsked(request));
    listener(request, response);
  });

  const call = (method: string, headers: Record<string, string>, body?: object) =>
    fetch(`${url}/auth/tokens`, {
      method,
      headers: { [OF_THE_TEST]: 'yes', 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  return {
    url,
    clock,
    asked,
    answer: iam,
    misbehave(other) {
      listener = other ?? iam;
    },
    async issue(user = 'demo', scope = { project: { id: PROJECT_ID } }) {
      const password = user === SERVICE.user ? SERVICE.password : user;
      const identity = { methods: ['password'], password: { user: { name: user, password, domain: DOMAIN } } };
      const answer = await call('POST', {}, { auth: { identity, scope } });
      assert.equal(answer.status, 201, await answer.text());
      return answer.headers.get('x-subject-token') ?? '';
    },
    async revoke(token) {
      const answer = await call('DELETE', { 'X-Auth-Token': token, 'X-Subject-Token': token });
      assert.equal(answer.status, 204);
    },
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    async revive() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      assert.equal((server.address() as AddressInfo).port, port);
    },
  };
}

function readAsked({ method, headers }: IncomingMessage): Asked {
  const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join() : value);
  const kind = method === 'POST' ? 'login' : 'validation';
  return { kind, caller: one(headers['x-auth-token']), subject: one(headers['x-subject-token']) };
}

/** How often the service did what. */
export function count(iam: TestIam, kind: Asked['kind']): number {
  return iam.asked.filter((asked) => asked.kind === kind).length;
}
