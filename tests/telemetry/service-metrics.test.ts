import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../lib/config/config.ts';
import { VERSION } from '../../lib/telemetry/version.ts';
import { PATH, PROJECT_ID } from '../support/contract.ts';
import { freePort } from '../support/free-port.ts';
import { startKmsBackend } from '../support/kms-backend.ts';
import { HUAWEI_KEYS, HUAWEI_PROJECT_ID, huaweiDialect, huaweiVariables } from '../support/kms-huawei-dialect.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { openConnection } from '../support/raw-connection.ts';
import { drawFrom, STATIC, startContainer } from '../support/started-service.ts';
import { parseExposition } from './exposition.ts';

const GOOD = 'a-good-token-of-somebody';
const BAD = 'a-bad-token-of-nobody';
const DOWN = 'a-token-that-iam-fails-at';
const USER = 'the-user-whose-token-it-is';

/** An IAM that keeps the first question about a good token until it is let go. */
async function startIam(context: TestContext) {
  let held: ServerResponse | undefined;
  const server = plainServer((request, response) => {
    if (request.headers['x-subject-token'] === GOOD) held = response;
    else response.writeHead(request.headers['x-subject-token'] === BAD ? 404 : 500).end('{}');
  });
  const { origin } = await serveOnLoopback(server, context);
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID }, user: { id: USER } };
  return { url: `${origin}/v3`, isAsked: () => held !== undefined, letGo: () => held?.end(JSON.stringify({ token })) };
}

/** The configuration of a KMS that gives the same byte always, and is closed for it. */
async function startStuckKms(context: TestContext): Promise<Environment> {
  const kms = await startKmsBackend(huaweiDialect, context);
  kms.behave('stuck');
  return huaweiVariables(kms.origin);
}

/** Values by series. */
async function scrape(port: number): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const families = parseExposition(await response.text());
  return new Map([...families.values()].flatMap(({ series }) => [...series]));
}

test('after a run every count is right, and nobody can be told from them', async (context) => {
  const iam = await startIam(context);
  const port = await freePort();
  const kms = await startStuckKms(context);
  const basis = { IAM_URL: iam.url, METRICS_PORT: String(port), ENTROPY_ON_FAILURE: 'degrade' };
  const { origin } = await startContainer(context, { ...basis, ...kms });
  const ask = async (token: string | undefined, bits: number, path = PATH): Promise<number> => {
    const headers = { 'Content-Type': 'application/json', ...(token !== undefined && { 'X-Auth-Token': token }) };
    const body = JSON.stringify({ random_data_length: bits });
    const response = await fetch(origin + path, { method: 'POST', headers, body });
    await response.text();
    return response.status;
  };

  const together = [ask(GOOD, 16), ask(GOOD, 16)];
  while ((await scrape(port)).get('gen_random_in_flight') !== 2 || !iam.isAsked());
  iam.letGo();
  assert.deepEqual(await Promise.all(together), [200, 200]);
  assert.deepEqual([await ask(GOOD, 64), await ask(GOOD, 12)], [200, 400]);
  assert.deepEqual([await ask(BAD, 8), await ask(BAD, 8), await ask(DOWN, 8)], [403, 403, 502]);
  assert.deepEqual([await ask(undefined, 8), await ask(GOOD, 8, '/elsewhere')], [401, 404]);
  for (const path of ['/healthz', '/readyz']) assert.equal((await fetch(origin + path)).status, 200);

  const values = await scrape(port);
  const isOfTheProcess = (name: string) => /^(?:process|nodejs)_/.test(name);
  const counted = [...values].filter(([name, value]) => name.includes('_total') && value > 0 && !isOfTheProcess(name));
  assert.deepEqual(Object.fromEntries(counted), {
    'gen_random_requests_total{status="200",code=""}': 3,
    'gen_random_requests_total{status="400",code="KMS.1802"}': 1,
    'gen_random_requests_total{status="401",code="KMS.0301"}': 1,
    'gen_random_requests_total{status="403",code="KMS.0302"}': 2,
    'gen_random_requests_total{status="404",code="APIGW.0101"}': 1,
    'gen_random_requests_total{status="502",code="APIGW.0201"}': 1,
    gen_random_random_bytes_total: 2 + 2 + 8,
    'gen_random_token_verifications_total{result="accepted"}': 1,
    'gen_random_token_verifications_total{result="shared"}': 1,
    'gen_random_token_verifications_total{result="hit"}': 3,
    'gen_random_token_verifications_total{result="rejected"}': 1,
    'gen_random_token_verifications_total{result="undecided"}': 1,
    'gen_random_dependency_requests_total{dependency="iam",outcome="ok"}': 1,
    'gen_random_dependency_requests_total{dependency="iam",outcome="refused"}': 1,
    'gen_random_dependency_requests_total{dependency="iam",outcome="bad-answer"}': 1,
    'gen_random_dependency_requests_total{dependency="node-crypto",outcome="ok"}': 3,
    'gen_random_entropy_degraded_total{source="huawei-kms"}': 3,
    'gen_random_entropy_health_total{source="huawei-kms",event="closed"}': 1,
  });
  assert.equal(values.get('gen_random_request_duration_seconds_count'), 9);
  assert.equal(values.get('gen_random_dependency_duration_seconds_count{dependency="iam"}'), 3);
  assert.equal(values.get('gen_random_in_flight'), 0);
  assert.equal(values.get('gen_random_entropy_source_open{source="node-crypto"}'), 1);
  assert.equal(values.get('gen_random_entropy_source_open{source="huawei-kms"}'), 0);
  assert.equal(values.get(`gen_random_build_info{version="${VERSION}",node="${process.versions.node}"}`), 1);
  for (const name of ['process_cpu_seconds_total', 'process_open_fds', 'nodejs_heap_size_used_bytes']) {
    assert((values.get(name) ?? 0) > 0, name);
  }
  assert((values.get('process_resident_memory_bytes') ?? 0) > 20e6);

  const own = [...values.keys()].filter((name) => !isOfTheProcess(name));
  const labels = own.flatMap((name) => [...name.matchAll(/([a-z_]+)="/g)].map(([, label]) => label));
  assert.deepEqual([...new Set(labels)].sort(), [
    ...['code', 'dependency', 'event', 'le', 'node', 'outcome', 'reason', 'result', 'source', 'status', 'version'],
  ]);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  for (const secret of [GOOD, BAD, DOWN, USER, PROJECT_ID, HUAWEI_PROJECT_ID, HUAWEI_KEYS.accessKey]) {
    assert(!text.includes(secret), secret);
  }
});

test('bytes are counted when they are given out, not when they are asked for', async (context) => {
  const port = await freePort();
  const kms = await startStuckKms(context);
  const container = await startContainer(context, { ...STATIC, ...kms, METRICS_PORT: String(port) });
  assert.equal((await drawFrom(container)).status, 500);
  const values = await scrape(port);
  assert.equal(values.get('gen_random_requests_total{status="500",code="KMS.0101"}'), 1);
  assert.equal(values.get('gen_random_random_bytes_total'), 0);
});

test('refused events of the event doors are counted by their codes', async (context) => {
  const port = await freePort();
  const { origin } = await startContainer(context, { SERVER_DOOR: 'cloudevents', METRICS_PORT: String(port) });
  await (await fetch(origin, { method: 'POST', body: '{}' })).text();
  await (await fetch(origin)).text();
  const values = await scrape(port);
  assert.equal(values.get('gen_random_requests_total{status="400",code="KMS.0214"}'), 1);
  assert.equal(values.get('gen_random_requests_total{status="405",code="KMS.0215"}'), 1);
});

test('metrics are off by default, and on a port of their own alone', async (context) => {
  const port = await freePort();
  const silent = await startContainer(context, STATIC);
  assert.equal((await fetch(`${silent.origin}/metrics`)).status, 404);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/metrics`));
  const { origin } = await startContainer(context, { ...STATIC, METRICS_PORT: String(port) });
  assert.equal((await fetch(`${origin}/metrics`)).status, 404);
  await scrape(port);
  for (const [method, path] of [
    ['POST', '/metrics'],
    ['GET', '/'],
    ['GET', '/healthz'],
    ['POST', PATH],
  ] as const) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    assert.deepEqual([response.status, await response.text()], [404, ''], `${method} ${path}`);
  }
});

test('a scrape with a query, a slash at the end, by HEAD or in the absolute form is a scrape', async (context) => {
  const port = await freePort();
  await startContainer(context, { ...STATIC, METRICS_PORT: String(port) });
  for (const target of ['/metrics?name[]=up', '/metrics/', '//metrics', `http://127.0.0.1:${port}/metrics?x`]) {
    for (const method of ['GET', 'HEAD']) {
      const connection = openConnection(port);
      connection.send(`${method} ${target} HTTP/1.1\r\nHost: metrics.test\r\nConnection: close\r\n\r\n`);
      const { status, headers } = await connection.reply(method);
      const type = headers['content-type'];
      assert.deepEqual([status, type], [200, 'text/plain; version=0.0.4; charset=utf-8'], `${method} ${target}`);
    }
  }
});

test('scrapes are no requests: they are neither audited nor counted', async (context) => {
  const port = await freePort();
  const { audited } = await startContainer(context, { ...STATIC, METRICS_PORT: String(port) });
  await scrape(port);
  const values = await scrape(port);
  assert.deepEqual(audited(), []);
  const requests = [...values].filter(([name]) => name.startsWith('gen_random_requests_total'));
  assert(requests.length > 20);
  for (const [name, value] of requests) assert.equal(value, 0, name);
});
