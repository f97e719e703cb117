import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../../lib/adapters/container/lifecycle.ts';
import { createLocalIam } from '../../lib/local/iam.ts';
import { DOMAIN, type Named, PROJECTS, type ProjectName, SERVICE, USERS } from './accounts.ts';
import { startKeystone } from './keystone.ts';

/** An identity service under test, with the accounts of `accounts.ts`. */
export interface Identity {
  /** Identity API v3, without a slash at its end. */
  readonly baseUrl: string;
  /** One whose tokens live for three seconds at most. */
  readonly briefBaseUrl: string;
  readonly projects: Readonly<Record<ProjectName, Named>>;
  /** Id by name. */
  readonly users: ReadonlyMap<string, string>;
  readonly stop: () => Promise<void>;
}

/** Every implementation: what holds for the real one holds for ours. */
export const IDENTITIES: ReadonlyMap<string, () => Promise<Identity>> = new Map([
  ['Keystone', startKeystone],
  ['the embedded IAM', startEmbeddedIam],
]);

const LIFETIME_SECONDS = 3_600;
const BRIEF_SECONDS = 3;

async function startEmbeddedIam(): Promise<Identity> {
  const projects = Object.fromEntries(PROJECTS.map((name) => [name, named(name)])) as Record<ProjectName, Named>;
  const users = new Map([...USERS.map(({ name }) => name), SERVICE.user].map((name) => [name, named(name).id]));
  const [ordinary, brief] = await Promise.all([
    serve(users, projects, LIFETIME_SECONDS),
    serve(users, projects, BRIEF_SECONDS),
  ]);
  const stop = async () => {
    ordinary.stop();
    brief.stop();
  };
  return { baseUrl: ordinary.baseUrl, briefBaseUrl: brief.baseUrl, projects, users, stop };
}

async function serve(users: Identity['users'], projects: Identity['projects'], tokenLifetimeSeconds: number) {
  const server = createServer();
  const baseUrl = `http://127.0.0.1:${await listen(server, '127.0.0.1', 0)}/v3`;
  const everyone = [...USERS, { name: SERVICE.user, projects: [SERVICE.project], role: 'secu_admin' }];
  const accounts = everyone.map(({ name, projects: own, role, ...more }) => ({
    user: { id: users.get(name) ?? '', name },
    password: name,
    domain: DOMAIN,
    projects: Object.values(projects).filter((project) => own.includes(project.name)),
    roles: [named(role)],
    domainRoles: 'inDomain' in more && more.inDomain === true ? [named(role)] : [],
  }));
  const kmsUrl = 'http://kms.test/v1.0';
  server.on('request', createLocalIam({ accounts, baseUrl, kmsUrl, now: Date.now, randomBytes, tokenLifetimeSeconds }));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { baseUrl, stop };
}

/** Keystone's identifiers are 32 hexadecimal characters. */
function named(name: string): Named {
  return { id: randomBytes(16).toString('hex'), name };
}
