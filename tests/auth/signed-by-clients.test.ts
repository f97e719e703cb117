import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsSignature } from '../../lib/auth/aksk/authorization.ts';
import { rejected, type Verdict } from '../../lib/auth/verdict.ts';
import { parseSdkDate } from '../../lib/huawei-signing/sdk-date.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { type GivenRequest, httpRequest } from '../support/http-request.ts';
import { verdictOf } from '../support/signed-request.ts';
import type { HeaderLine } from '../support/wire-request.ts';
import vectors from '../vectors/signed-requests.json' with { type: 'json' };

type Vector = (typeof vectors.requests)[number];

const WRONG = rejected('wrong-signature');

for (const vector of vectors.requests.filter(({ isVerified }) => !isVerified)) {
  test(`${vector.name} (${vector.client}): refused as a signature`, () => {
    assert.equal(claimsSignature([headerOf(vector, 'authorization')]), true);
    assert.deepEqual(judge(vector), rejected('malformed-signature'));
  });
}

for (const vector of vectors.requests.filter(({ isVerified }) => isVerified)) {
  const { name, client, accessKey, secretKey, path, body } = vector;

  test(`${name} (${client}): verified`, () => {
    const principal = { projectId: PROJECT_ID, userId: undefined, accessKey, roles: undefined };
    assert.deepEqual(judge(vector), { outcome: 'accepted', principal, expiresAtMs: Number.POSITIVE_INFINITY });
  });

  test(`${name} (${client}): refused with another body, path, header or secret`, () => {
    assert.deepEqual(judge(vector, { body: `${body} ` }), WRONG);
    assert.deepEqual(judge(vector, { path: `${path}x` }), WRONG);
    assert.deepEqual(judge(vector, { headers: withValue(vector, 'x-sdk-date', otherSecond) }), WRONG);
    assert.deepEqual(judge({ ...vector, secretKey: `${secretKey}x` }), WRONG);
  });
}

const beyondAscii = vectors.requests.filter((vector) => /[\u0080-\uffff]/.test(headerOf(vector, 'user-agent')));

for (const vector of beyondAscii) {
  const { name, client } = vector;
  const decode = (agent: string) => Buffer.from(agent, 'latin1').toString('utf8');

  if (!decode(headerOf(vector, 'user-agent')).includes('\ufffd')) {
    test(`${name} (${client}): verified where a platform decodes its bytes`, () => {
      assert.equal(judge(vector, { headers: withValue(vector, 'user-agent', decode) }).outcome, 'accepted');
    });
  }

  const others: readonly ((agent: string) => string)[] = [
    (agent) => agent.replace('/1.0', '/1.1'),
    (agent) => agent.replace(/[\u0080-\uffff]/, 'e'),
    (agent) => agent.replace(/[\u0080-\uffff]/, '\ufffd'),
    (agent) => `${agent}\u00a0`,
  ];
  test(`${name} (${client}): refused with another letter`, () => {
    for (const other of others) {
      assert.deepEqual(judge(vector, { headers: withValue(vector, 'user-agent', other) }), WRONG, String(other));
    }
  });
}

/** The verdict at the second that the request was signed. */
function judge(vector: Vector, changes: GivenRequest = {}): Verdict {
  const { accessKey, secretKey, path, body } = vector;
  const request = httpRequest({ path, headers: linesOf(vector), body, ...changes });
  const nowMs = parseSdkDate(headerOf(vector, 'x-sdk-date'));
  return verdictOf([{ accessKey, secretKey, projectId: PROJECT_ID }], nowMs, request);
}

function linesOf({ headers }: Vector): HeaderLine[] {
  return headers.map(([name = '', value = '']) => [name, value]);
}

function headerOf(vector: Vector, wanted: string): string {
  return linesOf(vector).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

function withValue(vector: Vector, wanted: string, change: (value: string) => string): HeaderLine[] {
  return linesOf(vector).map(([name, value]) => [name, name.toLowerCase() === wanted ? change(value) : value]);
}

function otherSecond(date: string): string {
  return date.replace(/([0-9])Z$/, (_, digit: string) => `${digit === '0' ? '1' : '0'}Z`);
}
