import * as v from 'valibot';
import { IamRefusal } from './iam-refusal.ts';

const BY_ID = v.object({ id: v.string() });
const DOMAIN = v.union([BY_ID, v.object({ name: v.string() })]);
const PASSWORD = v.object({ password: v.string() });
const USER = v.union([
  v.object({ ...BY_ID.entries, ...PASSWORD.entries }),
  v.object({ name: v.string(), domain: DOMAIN, ...PASSWORD.entries }),
]);
// A name alone is Huawei's spelling, where projects are named after regions; Keystone wants its domain too, and goes by
// the name where there is one.
const PROJECT = v.union([
  v.object({ name: v.string(), domain: v.optional(DOMAIN) }),
  v.object({ ...BY_ID.entries, name: v.optional(v.undefined()) }),
]);
const SCOPES = v.object({
  project: v.optional(PROJECT),
  domain: v.optional(DOMAIN),
  unscoped: v.optional(v.object({})),
  system: v.optional(v.unknown()),
  'OS-TRUST:trust': v.optional(v.unknown()),
});

/** The methods of Keystone that this IAM has. */
const METHODS = ['password', 'token'] as const;
type Method = (typeof METHODS)[number];

// Identity API v3, "Password authentication with scoped authorization" and "Token authentication with scoped
// authorization".
const LOGIN = v.object({
  auth: v.object({
    identity: v.looseObject({
      methods: v.array(v.string()),
      password: v.optional(v.object({ user: USER })),
      token: v.optional(BY_ID),
    }),
    // `"unscoped"` and `{"unscoped":{}}` are the two ways to ask for it by name.
    scope: v.optional(v.union([v.string(), SCOPES])),
  }),
});
type Identity = v.InferOutput<typeof LOGIN>['auth']['identity'];

export type DomainReference = v.InferOutput<typeof DOMAIN>;
export type ProjectReference = v.InferOutput<typeof PROJECT>;
export type UserReference = { readonly id: string } | { readonly name: string; readonly domain: DomainReference };

/**
 * What `POST /auth/tokens` asks for: one or both of password and token. With neither project nor domain the token is
 * unscoped.
 */
export interface Login {
  readonly methods: readonly Method[];
  readonly password: { readonly user: UserReference; readonly password: string } | undefined;
  readonly token: string | undefined;
  readonly project: ProjectReference | undefined;
  readonly domain: DomainReference | undefined;
}

/** @throws {IamRefusal} for what is malformed, and for a method or a scope that this IAM lacks, in Keystone's order. */
export function parseLogin(body: Uint8Array): Login {
  const parsed = v.safeParse(LOGIN, parseJson(body));
  if (!parsed.success) throw new IamRefusal('body.invalid');
  const { identity, scope } = parsed.output.auth;
  const methods = readMethods(identity);
  const { project, domain } = readScope(scope);
  const { password: credentials, token } = identity;
  if (methods.length === 0) throw new IamRefusal('caller.unknown');
  let password: Login['password'];
  if (methods.includes('password') && credentials !== undefined) {
    const { password: secret, ...user } = credentials.user;
    password = { user, password: secret };
  }
  return { methods, password, token: methods.includes('token') ? token?.id : undefined, project, domain };
}

function readMethods(identity: Identity): readonly Method[] {
  const absent = identity.methods.find((name) => !Object.hasOwn(identity, name));
  if (absent !== undefined) throw new IamRefusal('method.absent', { named: absent });
  const isLacking = identity.methods.some((name) => !METHODS.some((method) => method === name));
  if (isLacking) throw new IamRefusal('method.unsupported', { identity: { methods: METHODS } });
  return METHODS.filter((method) => identity.methods.includes(method));
}

function readScope(scope: string | v.InferOutput<typeof SCOPES> | undefined): Pick<Login, 'project' | 'domain'> {
  if (scope === undefined || scope === 'unscoped') return { project: undefined, domain: undefined };
  if (typeof scope === 'string' || Object.keys(scope).length !== 1) throw new IamRefusal('scope.invalid');
  // Keystone's answer to who has no role in the system and no such trust.
  if ('system' in scope || 'OS-TRUST:trust' in scope) throw new IamRefusal('scope.unknown');
  return { project: scope.project, domain: scope.domain };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new IamRefusal('body.invalid');
  }
}
