import { type Account, type CheckPassword, findProject, isDomain, rolesIn } from './iam-accounts.ts';
import { catalogDocument, type Endpoints, tokenDocument, versionDocument } from './iam-documents.ts';
import { type Login, parseLogin } from './iam-login.ts';
import { IamRefusal } from './iam-refusal.ts';
import type { Grant, Scope, TokenStore } from './iam-tokens.ts';

/** A request to the embedded IAM, free of HTTP's details. */
export interface IamCall {
  /** `X-Auth-Token`: who asks. */
  readonly callerToken: string | undefined;
  /** `X-Subject-Token`: which token it is about. */
  readonly subjectToken: string | undefined;
  readonly withCatalog: boolean;
  /** @throws {IamRefusal} */
  readonly body: () => Promise<Uint8Array>;
}

export interface IamReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSON document; absent where the answer has no body. */
  readonly body?: object;
}

/** @throws {IamRefusal} */
export type IamOperation = (call: IamCall) => IamReply | Promise<IamReply>;

export interface IamOperationsOptions {
  readonly checkPassword: CheckPassword;
  readonly tokens: TokenStore;
  readonly endpoints: Endpoints;
}

export function createIamOperations({ checkPassword, tokens, endpoints }: IamOperationsOptions) {
  function callerOf(call: IamCall): Grant {
    const caller = call.callerToken === undefined ? undefined : tokens.find(call.callerToken);
    if (caller === undefined) throw new IamRefusal('caller.unknown');
    return caller;
  }

  function subjectOf(call: IamCall): { token: string; grant: Grant } {
    const caller = callerOf(call);
    const token = call.subjectToken;
    // Keystone asks whether the caller may do so before it looks for the token.
    if (token === undefined || token === '')
      throw new IamRefusal(isAdministrator(caller) ? 'subject.unknown' : 'action.forbidden');
    const grant = tokens.find(token);
    if (grant === undefined) throw new IamRefusal('subject.unknown');
    if (!mayHandle(caller, grant)) throw new IamRefusal('action.forbidden');
    return { token, grant };
  }

  function described(status: number, token: string, { grant, call }: { grant: Grant; call: IamCall }): IamReply {
    const body = tokenDocument(grant, call.withCatalog ? endpoints : undefined);
    return { status, headers: { 'X-Subject-Token': token }, body };
  }

  return {
    version: () => ({ status: 200, body: versionDocument(endpoints.baseUrl) }),
    async issue(call) {
      const login = parseLogin(await call.body());
      const account = checkPassword(login.user, login.password);
      if (account === undefined) throw new IamRefusal('password.wrong');
      const { token, grant } = tokens.issue(account, scopeOf(login, account));
      return described(201, token, { grant, call });
    },
    validate(call) {
      const { token, grant } = subjectOf(call);
      return described(200, token, { grant, call });
    },
    revoke(call) {
      tokens.revoke(subjectOf(call).token);
      return { status: 204 };
    },
    catalog(call) {
      // Keystone has no catalogue for a token without a scope.
      if (callerOf(call).scope.kind === 'unscoped') throw new IamRefusal('action.forbidden');
      return { status: 200, body: catalogDocument(endpoints) };
    },
  } satisfies Record<string, IamOperation>;
}

function scopeOf(login: Login, account: Account): Scope {
  if (login.project !== undefined) {
    const project = findProject(account, login.project);
    if (project === undefined) throw new IamRefusal('scope.unknown');
    return { kind: 'project', project };
  }
  if (login.domain === undefined) return { kind: 'unscoped' };
  const isOwn = isDomain(account.domain, login.domain);
  if (!isOwn || rolesIn(account, 'domain').length === 0) throw new IamRefusal('scope.unknown');
  return { kind: 'domain' };
}

// Huawei's IAM: one's own tokens without any privilege, those of the same account as its Security Administrator.
function mayHandle(caller: Grant, subject: Grant): boolean {
  if (caller.account.user.id === subject.account.user.id) return true;
  return isAdministrator(caller) && caller.account.domain.id === subject.account.domain.id;
}

function isAdministrator({ account, scope }: Grant): boolean {
  return rolesIn(account, scope.kind).some((role) => role.name === 'secu_admin');
}
