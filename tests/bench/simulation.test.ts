import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assumed, HOSTS, phasesOf, simulate } from '../../bench/simulate/simulation.ts';

const MEASURED = { localCpuMs: 0.4, kmsCpuMs: 1.4, initMs: 56, firstRequestMs: 3, perCpuSecond: 20_000 };
const TIMES = 0.02;
const needsOf = (host: string) => simulate({ host, times: TIMES, tokens: 10 }, MEASURED);
const [any, fullest, container] = HOSTS.map(needsOf);

test('the same simulation gives the same figures', () => assert.deepEqual(needsOf(HOSTS[0]), any));

test('every host gets about as many requests as the rates say', () => {
  const expected = phasesOf(TIMES).reduce((sum, { seconds, perSecond }) => sum + seconds * perSecond, 0);
  for (const needs of [any, fullest, container]) {
    assert.ok(Math.abs((needs?.requests ?? 0) / expected - 1) < 0.05, String(needs?.requests));
  }
});

test('IAM is asked most where any idle instance takes a request, and least where one remembers for all', () => {
  const asked = [any, fullest, container].map((needs) => needs?.validations ?? 0);
  assert.deepEqual(
    asked.toSorted((one, other) => other - one),
    asked,
  );
  assert.ok((asked[2] ?? 0) >= 10);
});

test('an assumption that the guide does not give is an error', () => {
  assert.equal(assumed('requestsOfAMonth'), 1e9);
  assert.throws(() => assumed('requestsOfADay'), TypeError);
});
