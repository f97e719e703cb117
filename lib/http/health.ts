import type { HttpReply } from './http-request.ts';
import { replyHeaders } from './reply-headers.ts';

export type Health = 'live' | 'ready';

// Cloud Run keeps some paths that end in `z` for itself, so each has a second name.
const HEALTH: ReadonlyMap<string, Health> = new Map([
  ['/healthz', 'live'],
  ['/health/live', 'live'],
  ['/readyz', 'ready'],
  ['/health/ready', 'ready'],
]);

/** @param path as it is routed; one slash at its end counts as none. @returns undefined where health is not asked for */
export function healthAsked(method: string | undefined, path: string): Health | undefined {
  return method === 'GET' || method === 'HEAD' ? HEALTH.get(path.replace(/\/$/, '')) : undefined;
}

export function healthReply(isGood: boolean, requestId: string): HttpReply {
  const body = isGood ? '{"status":"ok"}' : '{"status":"not ready"}';
  return { statusCode: isGood ? 200 : 503, headers: replyHeaders(requestId), body };
}
