import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createExplorer } from '../../lib/local/explorer.ts';
import { serveOnLoopback } from '../support/loopback.ts';

const ROOT = join(import.meta.dirname, '../..');
const OPEN_API = join(ROOT, 'docs/openapi.yaml');
const ASSETS = join(ROOT, 'node_modules/swagger-ui-dist');

let explorer = createExplorer({ openApiPath: OPEN_API, assetsPath: ASSETS });
const server = createServer((incoming, response) => {
  if (!explorer(incoming, response)) response.writeHead(418).end();
});
const { port } = await serveOnLoopback(server, { after });

/** Sends the path as it is; `fetch` would resolve the dots in it. */
function get(path: string, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    });
    outgoing.on('error', reject).end();
  });
}

const SERVED: readonly { path: string; type: string | undefined; file?: string }[] = [
  { path: '/', type: 'text/html; charset=utf-8' },
  { path: '/?a=b', type: 'text/html; charset=utf-8' },
  { path: '/openapi.yaml', type: 'application/yaml', file: OPEN_API },
  { path: '/explorer/start.js', type: 'text/javascript; charset=utf-8' },
  ...[
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
    ['swagger-ui.css', 'text/css; charset=utf-8'],
    ['index.css', 'text/css; charset=utf-8'],
    ['favicon-32x32.png', 'image/png'],
  ].map(([name, type]) => ({ path: `/explorer/${name}`, type, file: `${ASSETS}/${name}` })),
];
for (const { path, type, file } of SERVED) {
  test(`${path} is served as ${type}`, async () => {
    const { status, headers, body } = await get(path);
    assert.deepEqual([status, headers['content-type']], [200, type]);
    if (file !== undefined) assert.deepEqual(body, await readFile(file));
    assert.equal(headers['x-content-type-options'], 'nosniff');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    const head = await get(path, 'HEAD');
    assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, String(body.length), 0]);
  });
}

test('the page names files of its own origin alone, and all of them are served', async () => {
  const page = (await get('/')).body.toString();
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? '');
  assert.equal(addresses.length, 5);
  for (const address of addresses) assert.equal((await get(address)).status, 200, address);
  assert.doesNotMatch(page + (await get('/explorer/start.js')).body, /https?:/);
});

const LEFT_TO_OTHERS = [
  '/explorer',
  '/explorer/',
  '/explorer/package.json',
  '/explorer/../package.json',
  '/explorer/..%2f..%2fpackage.json',
  '/explorer/%2e%2e/package.json',
  '/explorer//etc/passwd',
  '/v3',
  '/constructor',
];
for (const path of LEFT_TO_OTHERS) {
  test(`${path} is left to others`, async () => assert.equal((await get(path)).status, 418));
}

test('another method than GET and HEAD is left to others', async () => {
  assert.equal((await get('/', 'POST')).status, 418);
});

test('a file that is not installed is 404', async (context) => {
  const complete = explorer;
  context.after(() => {
    explorer = complete;
  });
  explorer = createExplorer({ openApiPath: OPEN_API, assetsPath: join(ROOT, 'nowhere') });
  assert.equal((await get('/explorer/index.css')).status, 404);
  assert.equal((await get('/')).status, 200);
});
