import type { Listener } from './listener.ts';

/** `GET /healthz` answers 200 while the process serves; everything else goes on to the next listener. */
export function withHealth(next: Listener): Listener {
  return (request, response) => {
    if (request.url !== '/healthz' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      next(request, response);
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json;charset=utf-8', 'Cache-Control': 'no-store' });
    response.end('{"status":"ok"}');
  };
}
