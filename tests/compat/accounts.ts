/** Who is known to an identity service under test. Every user's password is his name. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export const DOMAIN: Named = { id: 'default', name: 'Default' };
export const ROLE = 'te_admin';

/** A user of one name and what he may do. */
export interface User {
  readonly name: string;
  /** Names of the projects that he has the role in. */
  readonly projects: readonly string[];
  readonly role: string;
  /** Whether he has the role in the domain too. */
  readonly inDomain?: boolean;
}

export const PROJECTS = ['demo', 'other', 'foreign', 'service'] as const;
export type ProjectName = (typeof PROJECTS)[number];

export const USERS: readonly User[] = [
  { name: 'demo', projects: ['demo', 'other'], role: ROLE, inDomain: true },
  { name: 'peer', projects: ['demo'], role: ROLE },
  // In no project: his tokens cannot be scoped.
  { name: 'loner', projects: [], role: ROLE },
];

/** The account that validates the tokens of others. */
export const SERVICE = { user: 'service', password: 'service', domain: DOMAIN.name, project: 'service' } as const;

/** The body of `POST /auth/tokens`. */
export function loginBody(name: string, scope?: unknown, password = name) {
  const user = { name, password, domain: { id: DOMAIN.id } };
  return { auth: { identity: { methods: ['password'], password: { user } }, ...(scope !== undefined && { scope }) } };
}

export function projectScope(name: string) {
  return { project: { name, domain: { id: DOMAIN.id } } };
}
