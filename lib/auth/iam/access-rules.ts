import { isFields, member } from '../../json.ts';

/** What an application credential was restricted to by its owner (Identity API v3, "Application Credentials"). */
interface AccessRule {
  readonly service: string;
  readonly method: string;
  readonly path: string;
}

export type AccessRules = readonly AccessRule[];

/**
 * Reads `application_credential.access_rules` of a token.
 *
 * @returns `unrestricted` for a token without such rules; undefined for malformed ones
 */
export function readAccessRules(token: unknown): AccessRules | 'unrestricted' | undefined {
  const credential = member(token, 'application_credential') ?? {};
  if (!isFields(credential)) return undefined;
  const rules = credential.access_rules ?? undefined;
  if (rules === undefined) return 'unrestricted';
  return Array.isArray(rules) && rules.every(isRule) ? rules : undefined;
}

function isRule(rule: unknown): rule is AccessRule {
  return ['service', 'method', 'path'].every((name) => typeof member(rule, name) === 'string');
}

/** The types by which catalogues name Huawei's KMS. */
const SERVICES = new Set(['kms', 'kmsv1']);

/**
 * Whether one of the rules names this service's call for a project. Service and method are compared by letter, as
 * keystonemiddleware does. The path is the one behind `BASE_PATH`, without the slash that may stand at its end.
 */
export function nameGenRandom(rules: AccessRules, projectId: string): boolean {
  const path = `/v1.0/${projectId}/kms/gen-random`;
  return rules.some(
    (rule) => SERVICES.has(rule.service) && rule.method === 'POST' && matches(path, rule.path.replace(/\/$/, '')),
  );
}

/**
 * `*` and `{name}` are one segment, `**` is anything. Not a regular expression: the owner of a credential writes its
 * rules, and a path like `**a**a**a**a` would keep one busy for ever.
 */
function matches(path: string, pattern: string): boolean {
  const parts = pattern.match(/\*\*|\*|\{[^{}]*\}|./gs) ?? [];
  const steps = parts.flatMap((part) => {
    if (part === '**') return ['anything'];
    return part.length > 1 || part === '*' ? ['not a slash', 'no slashes'] : [part];
  });
  let reached = passLoops(new Set([0]), steps);
  for (const character of path) {
    const next = new Set<number>();
    for (const index of reached) {
      const step = steps[index];
      if (step === 'anything' || (step === 'no slashes' && character !== '/')) next.add(index);
      if (step === character || (step === 'not a slash' && character !== '/')) next.add(index + 1);
    }
    reached = passLoops(next, steps);
  }
  return reached.has(steps.length);
}

/** Adds what is reached without a character, because a loop may be empty. */
function passLoops(reached: Set<number>, steps: readonly string[]): Set<number> {
  for (const index of reached) {
    if (steps[index] === 'anything' || steps[index] === 'no slashes') reached.add(index + 1);
  }
  return reached;
}
