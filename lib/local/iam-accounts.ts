import { hash, timingSafeEqual } from 'node:crypto';
import type { AccessKeyCredential } from '../auth/aksk/signature-verifier.ts';
import type { DomainReference, ProjectReference, UserReference } from './iam-login.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface LocalAccount {
  readonly user: Named;
  readonly password: string;
  readonly domain: Named;
  /** Projects that the user may scope a token to. */
  readonly projects: readonly Named[];
  /**
   * Roles of a token for a project, for example `te_admin`. `secu_admin` may validate and revoke its domain's tokens.
   */
  readonly roles: readonly Named[];
  /** Roles of a token for the domain itself; without any there is no such token. Default: none. */
  readonly domainRoles?: readonly Named[];
  /** Whose signatures are the user's own. Default: none. */
  readonly accessKey?: AccessKeyCredential;
}

/** An account without its secrets. */
export type Account = Omit<LocalAccount, 'password' | 'accessKey'>;

/** @returns `undefined` for an unknown user and for a wrong password alike. */
export type CheckPassword = (user: UserReference, password: string) => Account | undefined;

export function createCheckPassword(accounts: readonly LocalAccount[]): CheckPassword {
  const entries = accounts.map(({ password, accessKey: _, ...account }) => ({ account, digest: sha256(password) }));
  return (user, password) => {
    const given = sha256(password);
    // Every digest is compared, so the time taken does not tell which users exist.
    const matches = entries.filter(({ account, digest }) => {
      const samePassword = timingSafeEqual(given, digest);
      return isUser(account, user) && samePassword;
    });
    return matches[0]?.account;
  };
}

/** @returns `undefined` when the user has no part in such a project. */
export function findProject(account: Account, reference: ProjectReference): Named | undefined {
  if (reference.name === undefined) return account.projects.find((project) => project.id === reference.id);
  if (reference.domain !== undefined && !isDomain(account.domain, reference.domain)) return undefined;
  return account.projects.find((project) => project.name === reference.name);
}

/** Identity API v3: an unscoped token has no roles. */
export function rolesIn(account: Account, scope: 'project' | 'domain' | 'unscoped'): readonly Named[] {
  if (scope === 'unscoped') return [];
  return scope === 'project' ? account.roles : (account.domainRoles ?? []);
}

export function isDomain(domain: Named, reference: DomainReference): boolean {
  return 'id' in reference ? domain.id === reference.id : domain.name === reference.name;
}

function isUser(account: Account, reference: UserReference): boolean {
  if ('id' in reference) return account.user.id === reference.id;
  return account.user.name === reference.name && isDomain(account.domain, reference.domain);
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
