import { member, parseJson } from '../../json.ts';
import type { Failed } from '../../outbound/send.ts';
import type { Reason } from '../../reasons.ts';
import type { Undecided } from '../verdict.ts';

/** An answer of IAM's that settles nothing. @param reason default: about a validation */
export function badAnswer(detail: string, reason: Reason = 'iam-bad-answer'): Undecided {
  return { outcome: 'undecided', indecision: 'bad-answer', reason, detail };
}

/** @param question what was asked: a validation, or the login of the service's own account */
export function undecidedBy({ failure, detail, cause }: Failed, question: 'iam' | 'iam-login'): Undecided {
  return { outcome: 'undecided', indecision: failure, reason: `${question}-${failure}`, detail, cause };
}

/** What is used of a token's document; Keystone's answer grows with every release. */
export interface TokenDocument {
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Undefined for a token without a project. */
  readonly projectId: string | undefined;
  readonly userId: string | undefined;
  readonly roles: readonly string[];
}

/**
 * Reads `{"token": {"expires_at", "project"?: {"id"}, "user"?: {"id"}, "roles"?: [{"name"}]}}`. By hand rather than with a schema library,
 * which costs 5 ms of start-up.
 *
 * @returns undefined for anything else
 */
export function readTokenDocument(body: Buffer): TokenDocument | undefined {
  const token = member(parseJson(body), 'token');
  const expiresAtMs = parseTimestamp(member(token, 'expires_at'));
  const project = member(token, 'project') ?? undefined;
  const user = member(token, 'user');
  const given = member(token, 'roles');
  const roles = given === undefined ? [] : given;
  const projectId = member(project, 'id');
  const userId = member(user, 'id');
  if (Number.isNaN(expiresAtMs)) return undefined;
  if (project !== undefined && typeof projectId !== 'string') return undefined;
  if (user !== undefined && typeof userId !== 'string') return undefined;
  if (!Array.isArray(roles)) return undefined;
  const names = roles.map((role: unknown) => member(role, 'name'));
  if (!names.every((name) => typeof name === 'string')) return undefined;
  return { expiresAtMs, projectId: asText(projectId), userId: asText(userId), roles: names };
}

// Keystone writes `2020-01-04T09:08:49.965000Z`; without a zone it would be anybody's time.
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function parseTimestamp(value: unknown): number {
  return typeof value === 'string' && TIMESTAMP.test(value) ? Date.parse(value) : Number.NaN;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
