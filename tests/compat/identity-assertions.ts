import assert from 'node:assert/strict';
import * as v from 'valibot';

/** IAM and Keystone write microseconds: `2020-01-04T09:08:49.965000Z`. */
const Timestamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/));
const Reference = v.object({ id: v.string(), name: v.string() });
const InDomain = v.object({ ...Reference.entries, domain: Reference });
const Endpoint = v.object({
  id: v.string(),
  interface: v.string(),
  region: v.string(),
  region_id: v.string(),
  url: v.string(),
});

/** What clients read of a token; other members come and go with the release. */
export const TokenDocument = v.object({
  token: v.object({
    methods: v.array(v.picklist(['password', 'token'])),
    issued_at: Timestamp,
    expires_at: Timestamp,
    user: v.object({ ...InDomain.entries, password_expires_at: v.nullable(v.string()) }),
    project: v.optional(InDomain),
    domain: v.optional(Reference),
    roles: v.optional(v.array(Reference)),
    catalog: v.optional(v.array(v.object({ ...Reference.entries, type: v.string(), endpoints: v.array(Endpoint) }))),
  }),
});

export type Token = v.InferOutput<typeof TokenDocument>['token'];

const Refusal = v.strictObject({
  error: v.strictObject({
    code: v.number(),
    message: v.string(),
    title: v.string(),
    // Which methods there are, in the refusal of one that there is not.
    identity: v.optional(v.object({ methods: v.array(v.string()) })),
  }),
});

/** Checks that the token has exactly these members and those that every token has. */
export function assertMembers(token: Token, members: readonly string[]): void {
  assert.deepEqual(Object.keys(token).sort(), ['expires_at', 'issued_at', 'methods', 'user', ...members].sort());
}

/** Checks that an answer refuses in IAM's shape. @returns the sentence, which may be each one's own */
export async function assertRefused(response: Response, status: number, baseUrl: string): Promise<string> {
  const { error } = v.parse(Refusal, await response.json());
  const challenge = status === 401 ? `Keystone uri="${baseUrl}"` : null;
  assert.deepEqual(
    [response.status, error.code, response.headers.get('x-subject-token'), response.headers.get('www-authenticate')],
    [status, status, null, challenge],
  );
  assert.equal(error.title, TITLES[status]);
  return error.message;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
};
