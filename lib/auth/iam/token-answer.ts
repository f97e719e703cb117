import * as v from 'valibot';
import { type Accepted, type Rejected, rejected, type Undecided } from '../verdict.ts';
import { parseJson, timestamp, undecided } from './answer.ts';

// Only what is used is looked at: Keystone's answer grows with every release.
const TOKEN_ANSWER = v.object({
  token: v.object({
    expires_at: timestamp,
    project: v.nullish(v.object({ id: v.string() })),
    user: v.optional(v.object({ id: v.string() })),
    roles: v.optional(v.array(v.object({ name: v.string() })), []),
  }),
});

/**
 * Reads the body of a successful validation, `GET /v3/auth/tokens` (Identity API v3, "Validate and show information for token").
 *
 * @param body the octets of a 200 answer
 * @param nowMs milliseconds since the epoch
 */
export function readTokenAnswer(body: Buffer, nowMs: number): Accepted | Rejected | Undecided {
  const parsed = v.safeParse(TOKEN_ANSWER, parseJson(body));
  if (!parsed.success) return undecided('bad-answer', "IAM's answer is malformed");
  const { expires_at: expiresAtMs, project, user, roles } = parsed.output.token;
  if (nowMs >= expiresAtMs) return rejected('expired-token');
  if (project === undefined || project === null) return rejected('unscoped-token');
  const principal = { projectId: project.id, userId: user?.id, roles: roles.map((role) => role.name) };
  return { outcome: 'accepted', principal, expiresAtMs };
}
