import { ServiceError } from '../errors.ts';
import { MAX_QUERY_BYTES, PROJECT_ID_LENGTH } from '../limits.ts';
import type { Middleware } from './middleware.ts';

// Signed clients canonicalise the path with one slash at its end, and some send it so.
const GEN_RANDOM = /^\/v1\.0\/([^/]*)\/kms\/gen-random\/?$/;
const PROJECT_ID = new RegExp(`^[0-9A-Za-z]{${PROJECT_ID_LENGTH}}$`);

/** As the audit line names it. */
const ROUTE = '/v1.0/{project_id}/kms/gen-random';

/** What a client sends may be any word; the audit line has these. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** Path, method, project id and the length of the query, in this order. */
export function route(): Middleware {
  return {
    before({ event }) {
      const { trail, method } = event;
      const projectId = GEN_RANDOM.exec(event.path)?.[1];
      trail.method = METHODS.has(method) ? method : 'unknown';
      trail.route = projectId === undefined ? 'unknown' : ROUTE;
      if (projectId === undefined) throw new ServiceError('path-unknown');
      const isWellFormed = PROJECT_ID.test(projectId);
      if (isWellFormed) trail.projectId = projectId;
      if (method !== 'POST') throw new ServiceError('method-unsupported');
      if (!isWellFormed) throw new ServiceError('project-id-malformed');
      if (event.queryLength() > MAX_QUERY_BYTES) throw new ServiceError('format-invalid', { reason: 'query-too-long' });
    },
  };
}
