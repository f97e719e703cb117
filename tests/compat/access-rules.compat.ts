import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { nameGenRandom } from '../../lib/auth/iam/access-rules.ts';
import { python } from './clients.ts';

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const PATH = `/v1.0/${PROJECT_ID}/kms/gen-random`;

// Pieces of the path and of patterns. Left out is what keystonemiddleware reads in a way of its own, because it makes regular
// expressions of patterns: a brace without the other one, a dot where the path has none, a slash at the end.
const PIECES = ['/', '/v1.0', PROJECT_ID, '0', '/kms', 'kms', '/gen-random', 'random', '*', '**', '{id}'];
const patterns = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(''))
  .filter((pattern) => !pattern.endsWith('/'));
/** The path with some of its segments replaced, which matches more often. */
const likely = fc
  .tuple(
    ...PATH.split('/')
      .slice(1)
      .map((segment) => fc.constantFrom(segment, '*', '**', '{name}', `${segment}*`)),
  )
  .map((segments) => `/${segments.join('/')}`);

test('access rules match the paths that they match for keystonemiddleware', () => {
  const sample = [
    ...fc.sample(patterns, { numRuns: 2_000, seed: 11 }),
    ...fc.sample(likely, { numRuns: 2_000, seed: 11 }),
  ];
  const [command = '', ...parameters] = python('path_matches.py');
  const input = JSON.stringify(sample.map((pattern) => [PATH, pattern]));
  const expected = v.parse(
    v.array(v.boolean()),
    JSON.parse(execFileSync(command, parameters, { input, encoding: 'utf8' })),
  );
  assert(expected.includes(true) && expected.includes(false));
  const ours = sample.map((path) => nameGenRandom([{ service: 'kms', method: 'POST', path }], PROJECT_ID));
  const differing = sample.filter((_, index) => ours[index] !== expected[index]);
  assert.deepEqual(differing, []);
});
