import type { Listener } from './send-reply.ts';

// Cloud Run keeps some paths that end in `z` for itself, so each has a second name.
const LIVE = new Set(['/healthz', '/health/live']);
const READY = new Set(['/readyz', '/health/ready']);

/**
 * Liveness is 200 while the process serves. Readiness is 200 while it can answer a request: configured, its entropy sources open,
 * not shutting down; else 503. Everything else goes on to the next listener.
 */
export function withHealth(next: Listener, isReady: () => boolean): Listener {
  return (request, response) => {
    const path = request.url ?? '';
    const isLive = LIVE.has(path);
    if ((!isLive && !READY.has(path)) || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next(request, response);
      return;
    }
    const isGood = isLive || isReady();
    const body = isGood ? '{"status":"ok"}' : '{"status":"not ready"}';
    response.writeHead(isGood ? 200 : 503, {
      'Content-Type': 'application/json;charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Length': body.length,
    });
    response.end(body);
  };
}
