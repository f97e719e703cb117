import { createServer, type Server } from 'node:http';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { HEADERS_TIMEOUT_MS } from '../../limits.ts';
import { listen } from './lifecycle.ts';

/** `GET /metrics` on a port of its own, which nobody but the scraper needs to reach. @param text the exposition */
export async function startMetricsServer(text: () => string, host: string, port: number): Promise<Server> {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, ({ method, url }, response) => {
    const { path } = resolvePath(parseTarget(url));
    const isScrape = (method === 'GET' || method === 'HEAD') && /^\/metrics\/?$/.test(path);
    response.writeHead(isScrape ? 200 : 404, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(isScrape ? text() : '');
  });
  // It never keeps a process alive whose door could not be opened.
  server.unref();
  await listen(server, host, port, 'METRICS_PORT');
  return server;
}
