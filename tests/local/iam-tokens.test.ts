import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTokenStore } from '../../lib/local/iam-tokens.ts';
import { START_MS } from '../support/test-iam.ts';

const demo = { id: 'demo', name: 'demo' };
const account = { user: demo, domain: demo, projects: [demo], roles: [] };
const WANTED = { account, scope: { kind: 'unscoped' }, methods: ['password'] } as const;

function store(maxTokens: number, clock = { ms: START_MS }) {
  let draws = 0;
  const randomBytes = (length: number) => Buffer.alloc(length, draws++);
  return createTokenStore({ now: () => clock.ms, randomBytes, lifetimeSeconds: 60, maxTokens });
}

test('a full store forgets its oldest token', () => {
  const tokens = store(2);
  const issued = [1, 2, 3].map(() => tokens.issue(WANTED).token);
  const known = issued.map((token) => tokens.find(token) !== undefined);
  assert.deepEqual(known, [false, true, true]);
});

test('a full store forgets expired tokens before a living one', () => {
  const clock = { ms: START_MS };
  const tokens = store(2, clock);
  tokens.issue(WANTED);
  clock.ms += 59_000;
  const living = tokens.issue(WANTED).token;
  clock.ms += 1_000;
  tokens.issue(WANTED);
  assert.notEqual(tokens.find(living), undefined);
});

test('a full store forgets an expired token that is younger than a living one', () => {
  const clock = { ms: START_MS };
  const tokens = store(2, clock);
  const living = tokens.issue(WANTED).token;
  tokens.issue({ ...WANTED, expiresAtMs: START_MS + 1 });
  clock.ms += 1;
  tokens.issue(WANTED);
  assert.notEqual(tokens.find(living), undefined);
});

test('every token is drawn anew', () => {
  const tokens = store(10);
  const issued = new Set([1, 2, 3].map(() => tokens.issue(WANTED).token));
  assert.equal(issued.size, 3);
});
