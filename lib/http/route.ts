import { ServiceError } from '../errors.ts';
import { PROJECT_ID_LENGTH } from '../limits.ts';
import type { Middleware } from './middleware.ts';

// Signed clients canonicalise the path with one slash at its end, and some send it so.
const GEN_RANDOM = /^\/v1\.0\/([^/]*)\/kms\/gen-random\/?$/;
const PROJECT_ID = new RegExp(`^[0-9A-Za-z]{${PROJECT_ID_LENGTH}}$`);

/** Path, method, project id, in this order. */
export function route(): Middleware {
  return {
    before({ event }) {
      const projectId = GEN_RANDOM.exec(event.path)?.[1];
      if (projectId === undefined) throw new ServiceError('path-unknown');
      const isWellFormed = PROJECT_ID.test(projectId);
      if (isWellFormed) event.trail.projectId = projectId;
      if (event.method !== 'POST') throw new ServiceError('method-unsupported');
      if (!isWellFormed) throw new ServiceError('project-id-malformed');
    },
  };
}
