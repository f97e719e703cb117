import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { EXPLORER_CONTENT_SECURITY_POLICY, EXPLORER_PAGE, EXPLORER_SCRIPT } from './explorer-page.ts';
import { readTarget } from './target.ts';

export interface ExplorerOptions {
  /** The OpenAPI document, `docs/openapi.yaml`. */
  readonly openApiPath: string;
  /** The folder of the package `swagger-ui-dist`. */
  readonly assetsPath: string;
}

interface Resource {
  readonly type: string;
  readonly read: () => Promise<string | Uint8Array>;
}

/**
 * The API explorer: the page at `/`, its assets below `/explorer/`, the document at `/openapi.yaml`.
 * @returns a function that tells whether the request was one of these; if not, it has not touched the response.
 */
export function createExplorer({ openApiPath, assetsPath }: ExplorerOptions) {
  const asset = (type: string, name: string): [string, Resource] => [
    `/explorer/${name}`,
    { type, read: () => readFile(join(assetsPath, name)) },
  ];
  // What is not listed is not served: no path of a request ever becomes a path of the file system.
  const resources = new Map<string, Resource>([
    ['/', { type: 'text/html; charset=utf-8', read: async () => EXPLORER_PAGE }],
    ['/openapi.yaml', { type: 'application/yaml', read: () => readFile(openApiPath) }],
    ['/explorer/start.js', { type: 'text/javascript; charset=utf-8', read: async () => EXPLORER_SCRIPT }],
    asset('text/javascript; charset=utf-8', 'swagger-ui-bundle.js'),
    asset('text/css; charset=utf-8', 'swagger-ui.css'),
    asset('text/css; charset=utf-8', 'index.css'),
    asset('image/png', 'favicon-32x32.png'),
  ]);

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const resource = resources.get(readTarget(request.url).path);
    if (resource === undefined) return false;
    resource.read().then(
      (content) => send(response, 200, { type: resource.type, content }),
      () => send(response, 404, { type: 'text/plain; charset=utf-8', content: 'This file is not installed.\n' }),
    );
    return true;
  };
}

function send(response: ServerResponse, status: number, body: { type: string; content: string | Uint8Array }): void {
  response.writeHead(status, {
    'Content-Type': body.type,
    'Content-Length': Buffer.byteLength(body.content),
    'Content-Security-Policy': EXPLORER_CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-cache',
  });
  response.end(body.content);
}
