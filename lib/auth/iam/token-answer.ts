import { type Accepted, type Rejected, rejected, type Undecided } from '../verdict.ts';
import { nameGenRandom } from './access-rules.ts';
import { badAnswer, readTokenDocument } from './answer.ts';

/**
 * Judges the body of a successful validation, `GET /v3/auth/tokens` (Identity API v3, "Validate and show information
 * for token").
 *
 * @param body the bytes of a 200 answer
 * @param nowMs milliseconds since the epoch
 * @param keepRoles role names that the principal keeps; absent: all
 */
export function readTokenAnswer(
  body: Buffer,
  nowMs: number,
  keepRoles?: ReadonlySet<string>,
): Accepted | Rejected | Undecided {
  const token = readTokenDocument(body);
  if (token === undefined) return badAnswer('malformed');
  const { expiresAtMs, projectId, userId, roles, accessRules } = token;
  if (nowMs >= expiresAtMs) return rejected('expired-token');
  if (projectId === undefined) return rejected('unscoped-token');
  const kept = keepRoles === undefined ? roles : roles.filter((role) => keepRoles.has(role));
  // The path that is judged follows from the project, so the answer is kept rather than the rules.
  const isBarred = accessRules !== 'unrestricted' && !nameGenRandom(accessRules, projectId);
  const principal = { projectId, userId, roles: kept, ...(isBarred && { isBarred }) };
  return { outcome: 'accepted', principal, expiresAtMs };
}
