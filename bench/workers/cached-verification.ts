import { randomBytes } from 'node:crypto';
import { readHttpEvent } from '../../lib/adapters/http-event/read-http-event.ts';
import { createCachedVerifier } from '../../lib/auth/cached-verifier.ts';
import { createJudge, type JudgeCredential } from '../../lib/auth/judge-credential.ts';
import type { Accepted } from '../../lib/auth/verdict.ts';
import type { HttpRequest } from '../../lib/http/http-request.ts';

// A process of its own: what a verification costs whose token is in the cache, from the headers of the event to the verdict.
// Reports microseconds a call, run by run, for tokens of three lengths that take turns.

const RUNS = 41;
const CALLS = 20_000;

/** One of the embedded IAM, one of Keystone, and one as long as Huawei documents them. */
const TOKEN_CHARACTERS = [43, 250, 20_000];

const ACCEPTED: Accepted = {
  outcome: 'accepted',
  principal: { projectId: '0123456789abcdef0123456789abcdef', userId: 'u-1', roles: ['te_admin'] },
  expiresAtMs: Number.MAX_SAFE_INTEGER,
};

function createRequest(token: string): HttpRequest {
  const headers = {
    host: 'kms.test',
    'content-type': 'application/json',
    'user-agent': 'bench',
    'x-auth-token': token,
    'content-length': '28',
  };
  const event = { rawPath: '/', headers, requestContext: { http: { method: 'POST' } } };
  return readHttpEvent(event, { requestId: 'bench' }, { freshRequestId: String }).request;
}

/** @returns microseconds a call */
function measure(judge: JudgeCredential, request: HttpRequest, calls: number): number {
  const startedAtMs = performance.now();
  for (let index = 0; index < calls; index += 1) {
    if (judge(request, ACCEPTED.principal.projectId) !== ACCEPTED) throw new Error('not from the cache');
  }
  return ((performance.now() - startedAtMs) * 1000) / calls;
}

const judge = createJudge({
  iam: createCachedVerifier({
    verify: async () => ACCEPTED,
    timeoutMs: 2_000,
    ttlMs: 300_000,
    entries: 10_000,
    now: Date.now,
    randomBytes: (length) => randomBytes(length),
  }),
});

const subjects = TOKEN_CHARACTERS.map((characters) => {
  const token = randomBytes(characters).toString('base64url').slice(0, characters);
  return { characters, request: createRequest(token), runs: [] as number[] };
});

for (const { request } of subjects) {
  await judge(request, ACCEPTED.principal.projectId);
  measure(judge, request, CALLS);
}
for (let run = 0; run < RUNS; run += 1) {
  for (const { request, runs } of subjects) runs.push(measure(judge, request, CALLS / 10));
}

process.send?.(Object.fromEntries(subjects.map(({ characters, runs }) => [characters, runs])));
