import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createCachedVerifier } from '../../lib/auth/cached-verifier.ts';
import { createJudge, type JudgeCredential } from '../../lib/auth/judge-credential.ts';
import { rejected } from '../../lib/auth/verdict.ts';
import { httpRequest } from '../support/http-request.ts';
import { columns, type Fields } from '../support/samples.ts';
import { ACCEPTED, createScriptedApp, SCRIPTED_TOKEN } from '../support/scripted-app.ts';

const STATIC = 'a-static-token';
const UNKNOWN = 'an-unknown-token-of-a-stranger';

/** A judge that knows one static token, asks about every other one and takes one of them. */
function judgeOf(): JudgeCredential {
  return createJudge({
    staticTokens: (token) => (token === STATIC ? ACCEPTED : rejected('unknown-token')),
    iam: createCachedVerifier({
      verify: async (token) => (token === SCRIPTED_TOKEN ? ACCEPTED : rejected('unknown-token')),
      timeoutMs: 60_000,
      ttlMs: 300_000,
      entries: 10,
      now: () => 0,
      randomBytes: (length) => new Uint8Array(length),
    }),
    signatures: () => rejected('wrong-signature'),
  });
}

async function linesOf(...tokens: readonly string[]): Promise<readonly Fields[]> {
  const { app, lines } = createScriptedApp({ judge: judgeOf() });
  const headers = (token: string) => [['X-Auth-Token', token] as const, ['Content-Type', 'application/json'] as const];
  const body = '{"random_data_length":8}';
  for (const token of tokens) await app.pipeline(httpRequest({ headers: headers(token), body }));
  return lines;
}

test('the audit line says how the token was judged, and how long it took', async () => {
  const lines = await linesOf(STATIC, SCRIPTED_TOKEN, SCRIPTED_TOKEN);
  assert.deepEqual(columns(lines, 'auth', 'auth_ms', 'entropy_ms'), [
    ['local', 0, 0],
    ['asked', 0, 0],
    ['hit', 0, 0],
  ]);
});

test('two requests that wait for one answer say so', async () => {
  const { app, lines } = createScriptedApp({ judge: judgeOf() });
  const headers = [['X-Auth-Token', SCRIPTED_TOKEN] as const];
  await Promise.all([app.pipeline(httpRequest({ headers })), app.pipeline(httpRequest({ headers }))]);
  assert.deepEqual(columns(lines, 'auth').flat(), ['asked', 'shared']);
});

test('a signature is judged here', async () => {
  const { app, lines } = createScriptedApp({ judge: judgeOf() });
  await app.pipeline(httpRequest({ headers: [['Authorization', 'SDK-HMAC-SHA256 Access=AK']] }));
  assert.deepEqual(columns(lines, 'auth'), [['local']]);
});

test('a token that was refused is named by the beginning of its digest, and no other token is', async () => {
  const [refused, good] = await linesOf(` ${UNKNOWN} `, SCRIPTED_TOKEN);
  const digest = createHash('sha256').update(UNKNOWN).digest('hex');
  assert.equal(refused?.token_fingerprint, digest.slice(0, 8));
  assert.equal(good?.token_fingerprint, undefined);
});
