import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { PROJECT_ID, type Refusal } from '../support/contract.ts';
import { count, START_MS, startTestIam, type TestIam } from '../support/test-iam.ts';
import { CACHE_MS, DEADLINE_MS, start, startTestService } from './test-service.ts';

// What IAM does wrong is 502 or 504, and never a word about the token.

const BAD: Refusal = '502 APIGW.0201';
const LATE: Refusal = '504 APIGW.0201';

/** What a busy machine may take beyond the deadline; alone it takes less than 50 ms, as the diagnostics show. */
const LEEWAY_MS = 1_000;

const HASTY = { IAM_TIMEOUT_MS: String(DEADLINE_MS) };

interface Row {
  readonly name: string;
  readonly answer: Refusal;
  readonly listener: RequestListener;
}

function says(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(status, headers).end(body);
}

function writes(text: string): RequestListener {
  return (_, response) => response.socket?.end(text);
}

/** A good answer but for what is changed. */
function tokenWith(changes: Record<string, unknown>): RequestListener {
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID }, ...changes };
  return says(200, JSON.stringify({ token }), { 'Content-Type': 'application/json' });
}

function drip(response: ServerResponse): void {
  response.writeHead(200).write('{');
  const dripping = setInterval(() => response.write(' '), 5);
  response.once('close', () => clearInterval(dripping));
}

const ROWS: readonly Row[] = [
  { name: 'says nothing', answer: LATE, listener: () => undefined },
  { name: 'lets its answer drip', answer: LATE, listener: (_, response) => drip(response) },
  { name: 'answers garbage', answer: BAD, listener: says(200, '<html>who are you</html>') },
  { name: 'answers nothing with 200', answer: BAD, listener: says(200) },
  { name: 'answers what is no HTTP', answer: BAD, listener: writes('SSH-2.0-OpenSSH_9.2\r\n') },
  { name: 'answers 10 MB', answer: BAD, listener: says(200, Buffer.alloc(10_000_000, ' ')) },
  { name: 'answers a refusal of 10 MB', answer: BAD, listener: says(404, Buffer.alloc(10_000_000, ' ')) },
  { name: 'resets before its answer', answer: BAD, listener: (_, { socket }) => socket?.resetAndDestroy() },
  {
    name: 'resets in the middle of its answer',
    answer: BAD,
    listener(_, response) {
      response
        .writeHead(200, { 'Content-Length': '1000' })
        .write('{"token":', () => response.socket?.resetAndDestroy());
    },
  },
  {
    name: 'closes in the middle of its answer',
    answer: BAD,
    listener: writes('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'),
  },
  ...[403, 429, 500, 502, 503, 504].map((status) => ({
    name: `answers ${status}`,
    answer: BAD,
    listener: says(status, '{"error":{"code":404,"message":"Could not find token"}}'),
  })),
  { name: 'names no end of the token', answer: BAD, listener: tokenWith({ expires_at: undefined }) },
  { name: 'names an end that is no date', answer: BAD, listener: tokenWith({ expires_at: 'tomorrow' }) },
  { name: 'names a project without an id', answer: BAD, listener: tokenWith({ project: { name: 'demo' } }) },
  { name: 'names a project by a number', answer: BAD, listener: tokenWith({ project: { id: 5 } }) },
];

for (const { name, answer, listener } of ROWS) {
  test(`while IAM ${name}, a new token is ${answer} and a known one draws`, async (context) => {
    const iam = await startTestIam(context);
    await checkOutage(context, iam, answer, {
      begin: async () => iam.misbehave(listener),
      end: async () => iam.misbehave(undefined),
    });
  });
}

test(`while IAM is killed, a new token is ${BAD} and a known one draws`, async (context) => {
  const iam = await startTestIam(context);
  await checkOutage(context, iam, BAD, { begin: () => iam.kill(), end: () => iam.revive() });
});

async function checkOutage(
  context: TestContext,
  iam: TestIam,
  refusal: Refusal,
  outage: { begin(): Promise<void>; end(): Promise<void> },
): Promise<void> {
  const service = await startTestService(context, iam, HASTY);
  const [known, fresh] = [await iam.issue(), await iam.issue()];
  await service.draws(known);
  await outage.begin();
  const startedAtMs = performance.now();
  await service.refuses(fresh, refusal);
  const tookMs = performance.now() - startedAtMs;
  context.diagnostic(`answered after ${tookMs.toFixed(1)} ms of ${DEADLINE_MS}`);
  assert.ok(tookMs < DEADLINE_MS + LEEWAY_MS, `${tookMs} ms`);

  iam.clock.ms += CACHE_MS - 1;
  await service.draws(known);
  iam.clock.ms += 1;
  await service.refuses(known, refusal);

  await outage.end();
  await service.draws(fresh);
  await service.draws(known);
}

test('a redirect is 502 and not followed, wherever it leads', async (context) => {
  const [iam, other] = [await startTestIam(context), await startTestIam(context)];
  const service = await startTestService(context, iam, HASTY);
  const token = await other.issue();
  for (const status of [301, 302, 303, 307, 308]) {
    iam.misbehave(says(status, '', { Location: `${other.url}/auth/tokens` }));
    await service.refuses(token, BAD);
  }
  assert.deepEqual(other.asked, []);
});

test('a name that leads nowhere is 502 or 504', async (context) => {
  const nowhere = { url: 'https://iam.invalid/v3', clock: { ms: START_MS } };
  const service = await startTestService(context, nowhere, HASTY);
  const outcomes = await Promise.allSettled([BAD, LATE].map((refusal) => service.refuses('a-token', refusal)));
  assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
});

test('a connection that breaks once is made again within the same validation', async (context) => {
  const { iam, service } = await start(context);
  const token = await iam.issue();
  iam.misbehave((_, { socket }) => {
    iam.misbehave(undefined);
    socket?.resetAndDestroy();
  });
  await service.draws(token);
  assert.equal(count(iam, 'validation'), 2);
});
