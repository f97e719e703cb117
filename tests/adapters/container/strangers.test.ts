import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { PATH, PROJECT_ID } from '../../support/contract.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { AKSK_CREDENTIALS, signedHeaders } from '../../support/signed-request.ts';
import { STATIC, STATIC_TOKEN, startContainer } from '../../support/started-service.ts';

// Whoever waits for IAM takes no place of those whom the service knows.

const KNOWN_TOKEN = 'a-token-that-iam-knows';
const STRANGERS = 120;
const PATIENCE = { timeout: 30_000 };

/** A container with all methods, whose IAM answers for the known token at once and for others when it is told to. */
async function start(context: TestContext, limit: number) {
  const held: ServerResponse[] = [];
  const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
  const iam = createServer((request, response) => {
    if (request.headers['x-subject-token'] === KNOWN_TOKEN) response.end(JSON.stringify({ token }));
    else held.push(response);
  });
  const { origin: iamOrigin } = await serveOnLoopback(iam, context);
  const { origin, audited } = await startContainer(context, {
    ...STATIC,
    AUTH_METHODS: 'iam,static,aksk',
    IAM_URL: `${iamOrigin}/v3`,
    IAM_TIMEOUT_MS: '60000',
    AKSK_CREDENTIALS,
    MAX_IN_FLIGHT: String(limit),
  });
  async function ask(headers: Record<string, string>): Promise<number> {
    const all = { 'Content-Type': 'application/json', ...headers };
    const response = await fetch(origin + PATH, { method: 'POST', headers: all, body: '{"random_data_length":"512"}' });
    await response.text();
    return response.status;
  }
  return {
    held,
    audited,
    askWith: (one: string) => ask({ 'X-Auth-Token': one }),
    askSigned: () => ask(signedHeaders()),
  };
}

for (const [limit, waiting] of [
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 2],
  [100, 50],
] as const) {
  for (const [name, tokenOf] of [
    ['a token each', (index: number) => `unknown-${index}`],
    ['one token', () => 'unknown'],
  ] as const) {
    test(
      `MAX_IN_FLIGHT=${limit}: of ${STRANGERS} strangers with ${name} ${waiting} wait, and known callers draw`,
      PATIENCE,
      async (context) => {
        const { held, audited, askWith, askSigned } = await start(context, limit);
        assert.equal(await askWith(KNOWN_TOKEN), 200);
        const statuses: number[] = [];
        const strangers = Array.from({ length: STRANGERS }, async (_, index) => {
          statuses.push(await askWith(tokenOf(index)));
        });
        while (statuses.length < STRANGERS - waiting) await setImmediate();
        assert.deepEqual(new Set(statuses), new Set([429]));
        assert.equal(held.length, name === 'one token' ? 1 : waiting);

        const known = [askWith(KNOWN_TOKEN), askWith(STATIC_TOKEN), askSigned()];
        assert.deepEqual(await Promise.all(known), [200, 200, 200]);
        const refused = audited().filter(({ status }) => status === 429);
        assert.deepEqual(new Set(refused.map(({ reason }) => reason)), new Set(['too-many-validations']));

        for (const response of held.splice(0)) response.writeHead(404).end();
        await Promise.all(strangers);
        assert.equal(statuses.filter((status) => status === 403).length, waiting);
      },
    );
  }
}

test('a token that was refused and is remembered is refused again, and not throttled', PATIENCE, async (context) => {
  const { held, askWith } = await start(context, 2);
  const first = askWith('refused');
  while (held.length < 1) await setImmediate();
  held.pop()?.writeHead(404).end();
  assert.equal(await first, 403);
  const silent = askWith('silent');
  while (held.length < 1) await setImmediate();
  assert.deepEqual([await askWith('refused'), await askWith('other')], [403, 429]);
  held.pop()?.writeHead(404).end();
  assert.equal(await silent, 403);
});
