import { createServer, type Server } from 'node:http';
import { parseTarget, resolvePath } from '../../http/target.ts';
import { MAX_SCRAPERS } from '../../limits.ts';
import { TIMEOUTS } from './http-server.ts';
import { listen } from './lifecycle.ts';

/** `GET /metrics` on a port of its own, which nobody but the scraper needs to reach. @param text the exposition */
export async function startMetricsServer(text: () => string, host: string, port: number): Promise<Server> {
  const server = createServer(TIMEOUTS, ({ method, url }, response) => {
    const { path } = resolvePath(parseTarget(url));
    const isScrape = (method === 'GET' || method === 'HEAD') && /^\/metrics\/?$/.test(path);
    response.writeHead(isScrape ? 200 : 404, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(isScrape ? text() : '');
  });
  server.maxConnections = MAX_SCRAPERS;
  // It never keeps a process alive whose door could not be opened.
  server.unref();
  await listen(server, host, port, 'METRICS_PORT');
  return server;
}
