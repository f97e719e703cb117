import type { Core } from '../../app/core.ts';
import { healthAsked, healthReply } from '../../http/health.ts';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { type Listener, sendReply } from './send-reply.ts';

/**
 * Liveness is 200 while the process serves. Readiness is 200 while it can answer a request: configured, its entropy
 * sources open, not shutting down; else 503. Everything else goes on to the next listener.
 */
export function withHealth(next: Listener, { config, freshRequestId }: Core, isReady: () => boolean): Listener {
  return (request, response, connection) => {
    const { path } = resolvePath(parseTarget(request.url), config.BASE_PATH);
    const asked = healthAsked(request.method, path);
    if (asked === undefined) next(request, response, connection);
    else sendReply(response, healthReply(asked === 'live' || isReady(), freshRequestId()));
  };
}
