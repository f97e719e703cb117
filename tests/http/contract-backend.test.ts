import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Invocation } from '../../lib/adapters/function/invocation.ts';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { createCachedVerifier } from '../../lib/auth/cached-verifier.ts';
import { createJudge } from '../../lib/auth/judge-credential.ts';
import type { Verdict } from '../../lib/auth/verdict.ts';
import { ServiceError } from '../../lib/errors.ts';
import { type Refusal, refusalAnswer } from '../support/contract.ts';
import { testRows } from '../support/contract-rows.ts';
import { openDoors } from '../support/doors.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { ACCEPTED, createScriptedApp, SCRIPTED_IAM_URL, SCRIPTED_TOKEN, type Script } from '../support/scripted-app.ts';
import { wireRequest } from '../support/wire-request.ts';

const tokens = [SCRIPTED_TOKEN];
const undecided = (indecision: 'timeout' | 'unreachable' | 'bad-answer'): Verdict => ({
  outcome: 'undecided',
  indecision,
  reason: 'iam-bad-answer',
});

const BROKEN: readonly (readonly [name: string, script: Script, answer: Refusal])[] = [
  ['IAM is out of reach', { judge: () => undecided('unreachable') }, '502 APIGW.0201'],
  ['IAM answers nonsense', { judge: async () => undecided('bad-answer') }, '502 APIGW.0201'],
  ['IAM does not answer in time', { judge: async () => undecided('timeout') }, '504 APIGW.0201'],
  ['a verifier has a defect', { judge: throwing(new TypeError('defect')) }, '500 KMS.0103'],
  ['a verifier rejects with nothing', { judge: () => Promise.reject(undefined) }, '500 KMS.0103'],
  [
    'an entropy source is out of reach',
    { draw: throwing(new ServiceError('backend-unavailable', { reason: 'source-failed' })) },
    '502 APIGW.0201',
  ],
  [
    'an entropy source is late',
    { draw: throwing(new ServiceError('backend-timeout', { reason: 'source-failed' })) },
    '504 APIGW.0201',
  ],
  [
    'an entropy source throttles',
    { draw: throwing(new ServiceError('throttled', { reason: 'source-failed' })) },
    '429 APIGW.0308',
  ],
  [
    'an entropy source is unhealthy',
    { draw: throwing(new ServiceError('entropy-unhealthy', { reason: 'source-failed' })) },
    '500 KMS.0101',
  ],
  ['an entropy source has a defect', { draw: throwing(new RangeError('defect')) }, '500 KMS.0103'],
  ['too few bytes come', { draw: () => drawn(63) }, '500 KMS.0103'],
  ['too many bytes come', { draw: () => drawn(65) }, '500 KMS.0103'],
  ['no bytes come', { draw: () => drawn(0) }, '500 KMS.0103'],
];

for (const [name, script, answer] of BROKEN) {
  const { app } = createScriptedApp(script);
  const { doors, close } = await openDoors(app);
  after(close);
  testRows(doors, SCRIPTED_IAM_URL, [{ name, request: { tokens }, answer }]);
}

test('nobody unknown draws a byte', async () => {
  let draws = 0;
  const { app } = createScriptedApp({
    draw(length) {
      draws += 1;
      return drawn(length);
    },
  });
  const { doors, close } = await openDoors(app);
  for (const door of doors) {
    await door.send(wireRequest());
    await door.send(wireRequest({ tokens: ['somebody-else'] }));
    await door.send(wireRequest({ tokens, body: '{}' }));
  }
  assert.equal(draws, 0);
  await doors[0]?.send(wireRequest({ tokens }));
  assert.equal(draws, 1);
  close();
});

test('a verifier that answers after the platform’s deadline is a 504 before that deadline', async () => {
  const iam = createCachedVerifier({
    verify: () => new Promise<Verdict>(() => {}),
    timeoutMs: 60_000,
    ttlMs: 300_000,
    entries: 10,
    now: () => 0,
    randomBytes: (length) => new Uint8Array(length),
  });
  const { app } = createScriptedApp({ judge: createJudge({ iam }) });
  const [shape] = EVENT_SHAPES;
  assert(shape !== undefined);
  const context = { requestId: 'a', remainingMs: () => 1 };
  const reply = await createHttpFunction(app)(shape.eventOf(wireRequest({ tokens })), context);
  const { status, headers, body } = refusalAnswer('504 APIGW.0201', shape.requestId ?? '', SCRIPTED_IAM_URL);
  assert.deepEqual(reply, { statusCode: status, headers, body, isBase64Encoded: false });
});

test('what is left of the platform’s time is told to the entropy sources', async () => {
  const told: unknown[] = [];
  const { app } = createScriptedApp({
    judge: () => ACCEPTED,
    draw(length, remainingMs) {
      told.push(remainingMs);
      return drawn(length);
    },
  });
  const [shape] = EVENT_SHAPES;
  assert(shape !== undefined);
  const invoke = (context: Invocation) => createHttpFunction(app)(shape.eventOf(wireRequest({ tokens })), context);
  await invoke({ remainingMs: () => 1234 });
  await invoke({ remainingMs: () => 567 });
  await invoke({});
  assert.deepEqual(told, [1234, 567, undefined]);
});

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function drawn(length: number) {
  return { bytes: new Uint8Array(length), sources: ['scripted'], omitted: [] };
}
