import * as v from 'valibot';
import { IamRefusal } from './iam-refusal.ts';

const BY_ID = v.object({ id: v.string() });
const DOMAIN = v.union([BY_ID, v.object({ name: v.string() })]);
const PASSWORD = v.object({ password: v.string() });
const USER = v.union([
  v.object({ ...BY_ID.entries, ...PASSWORD.entries }),
  v.object({ name: v.string(), domain: DOMAIN, ...PASSWORD.entries }),
]);
// A name alone is Huawei's spelling, where projects are named after regions; Keystone wants its domain too, and goes by the name
// where there is one.
const PROJECT = v.union([
  v.object({ name: v.string(), domain: v.optional(DOMAIN) }),
  v.object({ ...BY_ID.entries, name: v.optional(v.undefined()) }),
]);
const SCOPE = v.pipe(
  v.object({ project: v.optional(PROJECT), domain: v.optional(DOMAIN), unscoped: v.optional(v.object({})) }),
  v.check((scopes) => Object.values(scopes).filter((scope) => scope !== undefined).length === 1),
);

// Identity API v3, "Password authentication with scoped authorization".
const LOGIN = v.object({
  auth: v.object({
    identity: v.object({
      methods: v.tuple([v.literal('password')]),
      password: v.object({ user: USER }),
    }),
    // `"unscoped"` and `{"unscoped":{}}` are the two ways to ask for it by name.
    scope: v.optional(v.union([v.literal('unscoped'), SCOPE])),
  }),
});

export type DomainReference = v.InferOutput<typeof DOMAIN>;
export type ProjectReference = v.InferOutput<typeof PROJECT>;
export type UserReference = { readonly id: string } | { readonly name: string; readonly domain: DomainReference };

/** What `POST /auth/tokens` asks for. With neither project nor domain the token is unscoped. */
export interface Login {
  readonly user: UserReference;
  readonly password: string;
  readonly project: ProjectReference | undefined;
  readonly domain: DomainReference | undefined;
}

/** @throws {IamRefusal} `body.invalid` for bad UTF-8, bad JSON, a wrong shape and any method but `password`. */
export function parseLogin(body: Uint8Array): Login {
  const parsed = v.safeParse(LOGIN, parseJson(body));
  if (!parsed.success) throw new IamRefusal('body.invalid');
  const { identity, scope } = parsed.output.auth;
  const { password, ...user } = identity.password.user;
  if (scope === undefined || scope === 'unscoped') return { user, password, project: undefined, domain: undefined };
  return { user, password, project: scope.project, domain: scope.domain };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new IamRefusal('body.invalid');
  }
}
