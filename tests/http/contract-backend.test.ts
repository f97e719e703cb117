import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createJudge } from '../../lib/auth/judge-credential.ts';
import type { Verdict } from '../../lib/auth/verdict.ts';
import { type ErrorKey, ServiceError } from '../../lib/errors.ts';
import { setUp } from '../auth/scripted-cache.ts';
import { assertRandom, type Refusal, refusalAnswer } from '../support/contract.ts';
import { testRows } from '../support/contract-rows.ts';
import { openDoors, openHttpApi } from '../support/doors.ts';
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
  ['an entropy source is out of reach', { draw: failing('backend-unavailable') }, '502 APIGW.0201'],
  ['an entropy source is late', { draw: failing('backend-timeout') }, '504 APIGW.0201'],
  ['an entropy source throttles', { draw: failing('throttled') }, '429 APIGW.0308'],
  ['an entropy source is unhealthy', { draw: failing('entropy-unhealthy') }, '500 KMS.0101'],
  ['an entropy source has a defect', { draw: throwing(new RangeError('defect')) }, '500 KMS.0103'],
  ['too few bytes come', { draw: () => drawn(63) }, '500 KMS.0103'],
  ['too many bytes come', { draw: () => drawn(65) }, '500 KMS.0103'],
  ['no bytes come', { draw: () => drawn(0) }, '500 KMS.0103'],
];

for (const [name, script, answer] of BROKEN) {
  const doors = await openDoors(createScriptedApp(script).app, { after });
  testRows(doors, SCRIPTED_IAM_URL, [{ name, request: { tokens }, answer }]);
}

test('nobody unknown draws a byte', async (context) => {
  let draws = 0;
  const { app } = createScriptedApp({
    draw(length) {
      draws += 1;
      return drawn(length);
    },
  });
  const doors = await openDoors(app, context);
  for (const door of doors) {
    await door.send(wireRequest());
    await door.send(wireRequest({ tokens: ['somebody-else'] }));
    await door.send(wireRequest({ tokens, body: '{}' }));
  }
  assert.equal(draws, 0);
  await doors[0].send(wireRequest({ tokens }));
  assert.equal(draws, 1);
});

test('a verifier that answers after the platform’s deadline is a 504 before that deadline', async () => {
  const { cached: iam } = setUp({ answers: [new Promise<Verdict>(() => {})] });
  const { app } = createScriptedApp({ judge: createJudge({ iam }) });
  const { answer, requestId } = await openHttpApi(app).send(wireRequest({ tokens }), { remainingMs: () => 1 });
  assert.deepEqual(answer, refusalAnswer('504 APIGW.0201', requestId, SCRIPTED_IAM_URL));
});

test('a verifier that answers before the platform’s deadline decides, and leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const { cached: iam } = setUp({ answers: [ACCEPTED] });
  const { app } = createScriptedApp({ judge: createJudge({ iam }) });
  const before = timers();
  const { answer, requestId } = await openHttpApi(app).send(wireRequest({ tokens }), { remainingMs: () => 60_000 });
  assertRandom(answer, 512, requestId);
  assert.equal(timers(), before);
});

test('what is left of the platform’s time is told to the entropy sources', async () => {
  const told: unknown[] = [];
  const { app } = createScriptedApp({
    draw(length, remainingMs) {
      told.push(remainingMs);
      return drawn(length);
    },
  });
  const { send } = openHttpApi(app);
  await send(wireRequest({ tokens }), { remainingMs: () => 1234 });
  await send(wireRequest({ tokens }), {});
  assert.deepEqual(told, [1234, undefined]);
});

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function failing(key: ErrorKey): () => never {
  return throwing(new ServiceError(key, { reason: 'source-failed' }));
}

function drawn(length: number) {
  return { bytes: new Uint8Array(length), sources: ['scripted'], omitted: [] };
}
