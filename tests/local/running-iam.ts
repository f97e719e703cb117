import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalIam } from '../../lib/local/iam.ts';
import type { LocalAccount } from '../../lib/local/iam-accounts.ts';
import { ACCESS_KEY, SECRET_KEY } from '../support/signed-request.ts';

const DOMAIN = { id: 'default', name: 'Default' };
const DEMO_PROJECT = { id: '0123456789abcdef0123456789abcdef', name: 'demo' };
const OTHER_PROJECT = { id: 'ffffffffffffffffffffffffffffffff', name: 'second' };
const ROLE = { id: '0', name: 'te_admin' };

export const ACCOUNTS: readonly LocalAccount[] = [
  {
    user: { id: 'u-demo', name: 'demo' },
    password: 'demo',
    domain: DOMAIN,
    projects: [DEMO_PROJECT, OTHER_PROJECT],
    roles: [ROLE],
    domainRoles: [ROLE],
    accessKey: { accessKey: ACCESS_KEY, secretKey: SECRET_KEY, projectId: DEMO_PROJECT.id },
  },
  { user: { id: 'u-peer', name: 'peer' }, password: 'peer', domain: DOMAIN, projects: [DEMO_PROJECT], roles: [ROLE] },
  {
    user: { id: 'u-admin', name: 'admin' },
    password: 'admin',
    domain: DOMAIN,
    projects: [DEMO_PROJECT],
    roles: [{ id: '0', name: 'secu_admin' }],
  },
  {
    user: { id: 'u-foreign', name: 'demo' },
    password: 'foreign',
    domain: { id: 'other', name: 'Other' },
    projects: [],
    roles: [ROLE],
  },
];

/** The body of a login; users of `Default` have their name as password. */
export function login(name: string, scope?: unknown) {
  const user = { name, password: name, domain: { name: 'Default' } };
  return { auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) } };
}

export const DEMO_SCOPE = { project: { name: 'demo', domain: { id: 'default' } } };
export const START_MS = Date.parse('2020-01-04T09:08:49.965Z');

/** The members of IAM's documents that tests look into. */
interface IamDocument {
  readonly version: { readonly status: string; readonly links: unknown };
  readonly token: {
    readonly user: { readonly id: string };
    readonly project?: { readonly name: string };
    readonly methods: readonly string[];
    readonly issued_at: string;
    readonly expires_at: string;
  };
  readonly projects: readonly { readonly name: string }[];
  readonly domains: readonly { readonly name: string }[];
  readonly links: unknown;
  readonly catalog: readonly { readonly type: string; readonly endpoints: readonly { readonly url: string }[] }[];
}

export async function documentOf(response: Response): Promise<IamDocument> {
  return (await response.json()) as IamDocument;
}

export interface RunningIam {
  readonly baseUrl: string;
  readonly clock: { ms: number };
  readonly defects: unknown[];
  call(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Response>;
  /** @returns the token. */
  login(name: string, scope?: unknown): Promise<string>;
  close(): void;
}

/** An embedded IAM on a free port of 127.0.0.1, with a clock that stands still. Its bytes count up. */
export async function startIam(): Promise<RunningIam> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const baseUrl = `${origin}/v3`;
  const clock = { ms: START_MS };
  const defects: unknown[] = [];
  let draws = 0;
  const iam = createLocalIam({
    accounts: ACCOUNTS,
    baseUrl,
    kmsUrl: 'http://kms.test/v1.0',
    now: () => {
      if (Number.isNaN(clock.ms)) throw new Error('the clock is broken');
      return clock.ms;
    },
    randomBytes: (length) => Buffer.alloc(length, draws++),
    onDefect: (error) => defects.push(error),
  });
  server.on('request', iam);

  const call: RunningIam['call'] = (method, path, headers = {}, body = undefined) =>
    fetch(`${origin}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });

  return {
    baseUrl,
    clock,
    defects,
    call,
    async login(name, scope = DEMO_SCOPE) {
      const response = await call('POST', '/v3/auth/tokens', {}, login(name, scope));
      return response.headers.get('x-subject-token') ?? '';
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
