import { type Account, type CheckPassword, findProject, isDomain, rolesIn } from './iam-accounts.ts';
import {
  catalogDocument,
  domainsDocument,
  type Endpoints,
  type Listing,
  projectsDocument,
  tokenDocument,
  versionDocument,
  versionsDocument,
} from './iam-documents.ts';
import { type Login, parseLogin } from './iam-login.ts';
import { IamRefusal } from './iam-refusal.ts';
import type { Grant, Scope, TokenStore } from './iam-tokens.ts';

/** A request to the embedded IAM, free of HTTP's details. */
export interface IamCall extends Listing {
  /** `X-Auth-Token`: who asks. */
  readonly callerToken: string | undefined;
  /** `X-Subject-Token`: which token it is about. */
  readonly subjectToken: string | undefined;
  /** Whose signature the request carries. @returns `undefined` for none and for a wrong one */
  readonly signer: () => Promise<Account | undefined>;
  /** The user whom the path names. */
  readonly userId: string | undefined;
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

  async function accountOf(call: IamCall): Promise<Account> {
    if (call.callerToken !== undefined) return callerOf(call).account;
    const account = await call.signer();
    if (account === undefined) throw new IamRefusal('caller.unknown');
    return account;
  }

  /** Who logs in, by each method that the login names. */
  function authenticate({ password, token }: Login): { account: Account; rescoped: Grant | undefined } {
    const rescoped = token === undefined ? undefined : tokens.find(token);
    if (token !== undefined && rescoped === undefined) throw new IamRefusal('login-token.unknown');
    const byPassword = password && checkPassword(password.user, password.password);
    if (password !== undefined && byPassword === undefined) throw new IamRefusal('password.wrong');
    const account = byPassword ?? rescoped?.account;
    const isOneUser = rescoped === undefined || rescoped.account.user.id === account?.user.id;
    if (account === undefined || !isOneUser) throw new IamRefusal('caller.unknown');
    return { account, rescoped };
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
    const body = tokenDocument(grant, call.query.has('nocatalog') ? undefined : endpoints);
    return { status, headers: { 'X-Subject-Token': token }, body };
  }

  return {
    versions() {
      const { baseUrl } = endpoints;
      return { status: 300, headers: { Location: `${baseUrl}/` }, body: versionsDocument(baseUrl) };
    },
    version: () => ({ status: 200, body: versionDocument(endpoints.baseUrl) }),
    async issue(call) {
      const login = parseLogin(await call.body());
      const { account, rescoped } = authenticate(login);
      const methods = new Set([...(rescoped?.methods ?? []), ...login.methods]);
      const { token, grant } = tokens.issue({
        account,
        scope: scopeOf(login, account),
        methods: [...methods],
        // A token that is made of another one does not outlive it.
        expiresAtMs: rescoped?.expiresAtMs,
      });
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
    async projects(call) {
      const account = await accountOf(call);
      if ((call.userId ?? account.user.id) !== account.user.id) throw new IamRefusal('action.forbidden');
      return { status: 200, body: projectsDocument(account, endpoints.baseUrl, call) };
    },
    async domains(call) {
      return { status: 200, body: domainsDocument(await accountOf(call), endpoints.baseUrl, call) };
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
