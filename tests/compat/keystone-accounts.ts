import * as v from 'valibot';
import { DOMAIN, loginBody, type Named, PROJECTS, type ProjectName, projectScope, SERVICE, USERS } from './accounts.ts';

export interface Accounts {
  readonly projects: Readonly<Record<ProjectName, Named>>;
  /** Id by name. */
  readonly users: ReadonlyMap<string, string>;
  /** Lists the service under test in the catalogue, as type `kms`. */
  readonly listKms: (url: string) => Promise<void>;
}

const Created = v.record(v.string(), v.object({ id: v.string() }));
const AdminRoles = v.object({ roles: v.array(v.object({ id: v.string() })) });

/** Creates the users and projects in a Keystone that `keystone-manage bootstrap` has left with an administrator alone. */
export async function createAccounts(baseUrl: string, adminPassword: string): Promise<Accounts> {
  const call = await createCall(baseUrl, adminPassword);
  /** @returns the id */
  async function create(type: string, members: object): Promise<string> {
    const created = v.parse(Created, await call('POST', `/${type}s`, { [type]: members }));
    return created[type]?.id ?? '';
  }
  const inDomain = { domain_id: DOMAIN.id };

  const projects: Record<string, Named> = {};
  for (const name of PROJECTS) projects[name] = { id: await create('project', { ...inDomain, name }), name };
  const users = new Map<string, string>();
  const roles = new Map([['admin', await adminRole(call)]]);
  for (const { name, projects: own, role, inDomain: everywhere } of [...USERS, serviceUser]) {
    const user = await create('user', { ...inDomain, name, password: name });
    users.set(name, user);
    const roleId = roles.get(role) ?? (await create('role', { name: role }));
    roles.set(role, roleId);
    for (const project of own) await call('PUT', `/projects/${projects[project]?.id}/users/${user}/roles/${roleId}`);
    if (everywhere === true) await call('PUT', `/domains/${DOMAIN.id}/users/${user}/roles/${roleId}`);
  }
  return {
    projects: projects as Accounts['projects'],
    users,
    async listKms(url) {
      const service = await create('service', { type: 'kms', name: 'kms' });
      await create('endpoint', { service_id: service, interface: 'public', region_id: 'local', url });
    },
  };
}

/** Keystone lets `admin` validate every token. */
const serviceUser = { name: SERVICE.user, projects: [SERVICE.project], role: 'admin', inDomain: false };

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

async function createCall(baseUrl: string, adminPassword: string): Promise<Call> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  async function call(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`Keystone: ${method} ${path} is ${response.status}: ${await response.text()}`);
    return response;
  }
  const login = await call('POST', '/auth/tokens', loginBody('admin', projectScope('admin'), adminPassword));
  await login.body?.cancel();
  headers['X-Auth-Token'] = login.headers.get('x-subject-token') ?? '';
  return async (method, path, body) => {
    const text = await (await call(method, path, body)).text();
    return text === '' ? undefined : JSON.parse(text);
  };
}

async function adminRole(call: Call): Promise<string> {
  const { roles } = v.parse(AdminRoles, await call('GET', '/roles?name=admin'));
  return roles[0]?.id ?? '';
}
