import type { HttpReply } from './http-request.ts';
import { replyHeaders } from './reply-headers.ts';

// Cloud Run keeps some paths that end in `z` for itself, so each has a second name.
const LIVE = ['/healthz', '/health/live'];
const LIVE_OF_FUNCTIONS = ['/health/live'];
const READY = ['/readyz', '/health/ready'];

/** @param path as it is routed; a slash at its end counts as none. @returns undefined where health is not asked for */
export function healthAsked(method: string | undefined, path: string): 'live' | 'ready' | undefined {
  if (isProbe(method, path, LIVE)) return 'live';
  return isProbe(method, path, READY) ? 'ready' : undefined;
}

/** Whether a function is asked if it answers. It has no readiness: the platform starts one when it is asked. */
export function isLivenessProbe(method: string, path: string): boolean {
  return isProbe(method, path, LIVE_OF_FUNCTIONS);
}

function isProbe(method: string | undefined, path: string, paths: readonly string[]): boolean {
  return (method === 'GET' || method === 'HEAD') && paths.includes(path.replace(/\/$/, ''));
}

export function healthReply(isGood: boolean, requestId: string): HttpReply {
  const body = isGood ? '{"status":"ok"}' : '{"status":"not ready"}';
  return { statusCode: isGood ? 200 : 503, headers: replyHeaders(requestId), body };
}
