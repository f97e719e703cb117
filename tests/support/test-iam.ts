import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { ServiceAccount } from '../../lib/auth/iam/login.ts';
import { createLocalIam } from '../../lib/local/iam.ts';
import type { LocalAccount } from '../../lib/local/iam-accounts.ts';
import { OTHER_PROJECT_ID, PROJECT_ID } from './contract.ts';
import { plainServer, type Scope, serveOnLoopback } from './loopback.ts';
import { KEY } from './signed-request.ts';

export const START_MS = Date.parse('2025-08-06T10:15:30.965Z');
export const DAY_MS = 24 * 60 * 60 * 1000;

const named = (name: string) => ({ id: name, name });
const DOMAIN = { id: 'default', name: 'Default' };
const PROJECTS = [
  { id: PROJECT_ID, name: 'demo' },
  { id: OTHER_PROJECT_ID, name: 'second' },
];

/** A role that the tests' service asks for. */
export const ALLOWED_ROLE = 'te_admin';

export const SERVICE: ServiceAccount = {
  user: 'service',
  password: 'Kp7#service-password',
  domain: DOMAIN.name,
  project: 'demo',
};

/** As in `IAM_SERVICE_*`. */
export const SERVICE_VARIABLES = {
  IAM_SERVICE_USER: SERVICE.user,
  IAM_SERVICE_PASSWORD: SERVICE.password,
  IAM_SERVICE_DOMAIN: SERVICE.domain,
  IAM_SERVICE_PROJECT: SERVICE.project,
};

const passwordOf = (name: string) => (name === SERVICE.user ? SERVICE.password : name);

/** Users: one who may draw, one of the first project alone and without a role, the service's own, and a foreign namesake. */
const ACCOUNTS: readonly LocalAccount[] = [
  { ...account('demo', ALLOWED_ROLE), domainRoles: [named(ALLOWED_ROLE)], accessKey: KEY },
  { ...account('reader', 'readonly'), projects: PROJECTS.slice(0, 1) },
  account(SERVICE.user, 'secu_admin'),
  {
    ...account('demo', ALLOWED_ROLE),
    user: { id: 'u-foreign', name: 'demo' },
    password: 'foreign',
    domain: { id: 'other', name: 'Other' },
  },
];

function account(name: string, role: string): LocalAccount {
  return {
    user: { id: `u-${name}`, name },
    password: passwordOf(name),
    domain: DOMAIN,
    projects: PROJECTS,
    roles: [named(role)],
  };
}

/** The body of a login. */
export function loginOf(name: string, scope?: unknown) {
  const user = { name, password: passwordOf(name), domain: { name: DOMAIN.name } };
  return { auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) } };
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
  /** Milliseconds since the epoch, moved by hand. */
  readonly clock: { ms: number };
  /** What the service asked, in order; the test's own requests are not among it. */
  readonly asked: Asked[];
  /** What was thrown where the answer is 500. */
  readonly defects: readonly unknown[];
  /** Lets a listener answer the service instead; undefined: the embedded IAM again. */
  misbehave(listener: RequestListener | undefined): void;
  /** What the embedded IAM answers, for such a listener. */
  readonly answer: RequestListener;
  /** A request of the test, which IAM answers whatever it does to the service. @param path behind the URL's origin */
  call(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Response>;
  /** @returns a token of a user, for the project `demo` unless another scope is given */
  issue(user?: string, scope?: unknown): Promise<string>;
  revoke(token: string): Promise<void>;
  /** Nobody listens any more, and every connection is cut. */
  kill(): Promise<void>;
  /** Listens again, where it did. */
  revive(): Promise<void>;
}

export interface TestIamOptions {
  /** Default: `START_MS`. */
  readonly startMs?: number;
  readonly lifetimeSeconds?: number;
}

/** Marks the requests of a test. */
const OF_THE_TEST = 'x-of-the-test';

/** The embedded IAM on a free port of 127.0.0.1, with a clock that stands still. */
export async function startTestIam(scope: Scope, options: TestIamOptions = {}): Promise<TestIam> {
  const clock = { ms: options.startMs ?? START_MS };
  const asked: Asked[] = [];
  const defects: unknown[] = [];
  const server = plainServer();
  const { origin, port } = await serveOnLoopback(server, scope);
  const url = `${origin}/v3`;
  const iam = createLocalIam({
    accounts: ACCOUNTS,
    baseUrl: url,
    kmsUrl: `${origin}/v1.0`,
    now() {
      if (Number.isNaN(clock.ms)) throw new Error('the clock is broken');
      return clock.ms;
    },
    randomBytes: (length) => randomBytes(length),
    onDefect: (error) => defects.push(error),
    ...(options.lifetimeSeconds !== undefined && { tokenLifetimeSeconds: options.lifetimeSeconds }),
  });
  let listener: RequestListener = iam;
  server.on('request', (request, response) => {
    if (OF_THE_TEST in request.headers) return iam(request, response);
    asked.push(readAsked(request));
    listener(request, response);
  });

  const call: TestIam['call'] = (method, path, headers = {}, body = undefined) =>
    fetch(origin + path, {
      method,
      headers: { [OF_THE_TEST]: 'yes', ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  return {
    url,
    clock,
    asked,
    defects,
    answer: iam,
    call,
    misbehave(other) {
      listener = other ?? iam;
    },
    async issue(user = 'demo', tokenScope = { project: { id: PROJECT_ID } }) {
      const answer = await call('POST', '/v3/auth/tokens', {}, loginOf(user, tokenScope));
      assert.equal(answer.status, 201, await answer.text());
      return answer.headers.get('x-subject-token') ?? '';
    },
    async revoke(token) {
      const answer = await call('DELETE', '/v3/auth/tokens', { 'X-Auth-Token': token, 'X-Subject-Token': token });
      assert.equal(answer.status, 204);
    },
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    async revive() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
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

/** Tokens of every kind; the samples in `events/` name them so. */
export async function issueTokens(iam: TestIam) {
  // The first one has expired for everybody whose clock is right, and not for this IAM, which is two minutes late.
  const nowMs = iam.clock.ms;
  iam.clock.ms = nowMs - DAY_MS - 60_000;
  const expired = await iam.issue();
  iam.clock.ms = nowMs - 120_000;
  return {
    TOKEN: await iam.issue(),
    OTHER_PROJECT_TOKEN: await iam.issue('demo', { project: { id: OTHER_PROJECT_ID } }),
    UNSCOPED_TOKEN: await iam.issue('demo', 'unscoped'),
    ROLELESS_TOKEN: await iam.issue('reader'),
    EXPIRED_TOKEN: expired,
    UNKNOWN_TOKEN: randomBytes(32).toString('base64url'),
  };
}
