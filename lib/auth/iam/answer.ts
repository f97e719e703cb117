import { isFields, member, parseJson } from '../../json.ts';
import type { Failed, Outcome } from '../../outbound/send.ts';
import type { Reason } from '../../reasons.ts';
import type { Undecided } from '../verdict.ts';
import { type AccessRules, readAccessRules } from './access-rules.ts';

/** What was asked: a validation, or the login of the service's own account. */
type Question = 'iam' | 'iam-login';

/** An answer of IAM's that settles nothing. @param reason default: about a validation */
export function badAnswer(detail: string, reason: Reason = 'iam-bad-answer'): Undecided {
  return { outcome: 'undecided', indecision: 'bad-answer', reason, detail };
}

/** A status of IAM's that settles nothing. */
export function badStatus(status: number, question: Question): Undecided {
  const indecision = status === 429 ? 'throttled' : 'bad-answer';
  return { outcome: 'undecided', indecision, reason: `${question}-${indecision}`, detail: `answered ${status}` };
}

export function undecidedBy({ failure, detail, cause }: Failed, question: Question): Undecided {
  return { outcome: 'undecided', indecision: failure, reason: `${question}-${failure}`, detail, cause };
}

/**
 * Whether IAM refuses the token in `X-Auth-Token`: 401, or 403 with "X-Auth-Token is invalid in the request" in a body
 * of whatever shape, which is how Open Telekom Cloud says it. Any other 403 is about a permission.
 */
export function refusesAsker(outcome: Outcome): boolean {
  if (outcome.kind !== 'answer') return false;
  return outcome.status === 401 || (outcome.status === 403 && INVALID_ASKER.test(outcome.body.toString('latin1')));
}

const INVALID_ASKER = /\bx-auth-token\W{0,3}(?:header )?(?:is )?invalid\b|\binvalid x-auth-token\b/i;

/** Keystone's own form of an error, which a proxy before it does not have. */
export function isKeystoneError(body: Buffer): boolean {
  return typeof member(member(parseJson(body), 'error'), 'message') === 'string';
}

/** What is used of a token's document; Keystone's answer grows with every release. */
export interface TokenDocument {
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** Undefined for a token without a project. */
  readonly projectId: string | undefined;
  readonly userId: string | undefined;
  readonly roles: readonly string[];
  readonly accessRules: AccessRules | 'unrestricted';
}

/**
 * Reads `{"token": {"expires_at", "project"?: {"id"}, "user"?: {"id"?}, "roles"?: [{"name"}],
 * "application_credential"?: {"access_rules"?}}}`. What may be absent may be null: some IAMs write an empty list so.
 * By hand, because a schema library costs 5 ms of start-up.
 *
 * @returns undefined for anything else
 */
export function readTokenDocument(body: Buffer): TokenDocument | undefined {
  const token = member(parseJson(body), 'token');
  const expiresAtMs = parseTimestamp(member(token, 'expires_at'));
  const project = member(token, 'project') ?? undefined;
  const projectId = member(project, 'id');
  const user = member(token, 'user') ?? {};
  const userId = member(user, 'id') ?? undefined;
  const roles = member(token, 'roles') ?? [];
  const accessRules = readAccessRules(token);
  if (Number.isNaN(expiresAtMs) || accessRules === undefined) return undefined;
  if (project !== undefined && typeof projectId !== 'string') return undefined;
  if (!isFields(user) || (userId !== undefined && typeof userId !== 'string')) return undefined;
  if (!Array.isArray(roles)) return undefined;
  const names = roles.map((role: unknown) => member(role, 'name'));
  if (!names.every((name) => typeof name === 'string')) return undefined;
  return { expiresAtMs, projectId: asText(projectId), userId, roles: names, accessRules };
}

// Keystone writes `2020-01-04T09:08:49.965000Z`; without a zone it would be anybody's time.
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

function parseTimestamp(value: unknown): number {
  const match = typeof value === 'string' ? TIMESTAMP.exec(value) : null;
  if (match === null) return Number.NaN;
  const [text, year, month, day] = match;
  // `Date.parse` takes 30 February for 1 or 2 March.
  const lastOfMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= lastOfMonth ? Date.parse(text) : Number.NaN;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
