import { ServiceError } from '../errors.ts';
import type { Principal } from './verdict.ts';

/**
 * Judges on every request, a cached token's too, whether the principal may draw for this project.
 *
 * @param allowedRoles role names of which one is needed; undefined where any principal of the project may draw
 * @throws {ServiceError} `project-mismatch` or `role-missing`
 */
export function authorise(
  principal: Principal,
  projectId: string,
  allowedRoles: ReadonlySet<string> | undefined,
): void {
  if (principal.projectId !== projectId) throw new ServiceError('project-mismatch');
  if (principal.isBarred === true) throw new ServiceError('role-missing', { reason: 'access-rule-missing' });
  // Static tokens and access keys are the operator's own list of who may draw; roles are IAM's.
  if (allowedRoles === undefined || principal.roles === undefined) return;
  if (!principal.roles.some((role) => allowedRoles.has(role))) throw new ServiceError('role-missing');
}
