import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget, resolvePath } from '../../lib/http/target.ts';

const TARGETS: readonly (readonly [target: string | undefined, path: string, query: string])[] = [
  ['/healthz', '/healthz', ''],
  ['/healthz?', '/healthz', ''],
  ['/healthz?verbose', '/healthz', 'verbose'],
  ['/a?b=c?d=e', '/a', 'b=c?d=e'],
  ['http://kms.test/healthz', '/healthz', ''],
  ['HTTPS://kms.test:8443/healthz?verbose', '/healthz', 'verbose'],
  ['http://kms.test', '/', ''],
  ['http://kms.test?a=b', '/', 'a=b'],
  ['/http://kms.test/healthz', '/http://kms.test/healthz', ''],
  ['//kms.test/healthz', '//kms.test/healthz', ''],
  ['*', '*', ''],
  ['', '/', ''],
  [undefined, '/', ''],
];
for (const [target, path, query] of TARGETS) {
  test(`the target ${target} is the path ${path} with the query "${query}"`, () => {
    assert.deepEqual(parseTarget(target), { path, query });
  });
}

const API = '/v1.0/p/kms/gen-random';

const ROUTED: readonly (readonly [path: string, basePath: string, routed: string])[] = [
  [API, '', API],
  [`/${API}`, '', API],
  [`///${API}`, '', API],
  [`/random${API}`, '', `/random${API}`],
  [API, '/random', API],
  [`/random${API}`, '/random', API],
  [`//random${API}`, '/random', API],
  [`/random/${API}`, '/random', API],
  [`//random//${API}`, '/random', API],
  [`/${API}`, '/random', API],
  ['/random', '/random', '/'],
  ['/random/', '/random', '/'],
  [`/randomly${API}`, '/random', `/randomly${API}`],
  [`/Random${API}`, '/random', `/Random${API}`],
  [`/random/random${API}`, '/random', `/random${API}`],
  [`/a/b${API}`, '/a/b', API],
  [`/a${API}`, '/a/b', `/a${API}`],
  [`/b/random${API}`, '/random', `/b/random${API}`],
  [`${API}//`, '', `${API}//`],
  ['random', '/random', 'random'],
];
for (const [path, basePath, routed] of ROUTED) {
  test(`behind the base path "${basePath}" the path ${path} leads to ${routed}`, () => {
    assert.equal(resolvePath({ path }, basePath).path, routed);
  });
}

const STAGED: readonly (readonly [path: string, stage: string, basePath: string, routed: string])[] = [
  [`/dev${API}`, '/dev', '', API],
  [`/dev${API}`, '/dev', '/random', API],
  [API, '/dev', '/random', API],
  [`/dev/random${API}`, '/dev', '/random', API],
  [`/random/dev${API}`, '/dev', '/random', API],
  [`/random${API}`, '/dev', '/random', API],
  [`/random${API}`, '/random', '/random', API],
  [`/random/random${API}`, '/random', '/random', API],
  [`/dev/random${API}`, '/dev', '/dev/random', API],
  [`/devel${API}`, '/dev', '', `/devel${API}`],
  [`/dev/dev${API}`, '/dev', '/random', `/dev${API}`],
];
for (const [path, stage, basePath, routed] of STAGED) {
  test(`of the stage ${stage} and the base path "${basePath}" the path ${path} leads to ${routed}`, () => {
    assert.equal(resolvePath({ path, stage }, basePath).path, routed);
  });
}

test('a signature is judged over the path that was sent', () => {
  assert.deepEqual(resolvePath({ path: API }).signedPaths, [API]);
  assert.deepEqual(resolvePath({ path: API, sentPath: `/prod${API}` }).signedPaths, [`/prod${API}`, API]);
  assert.deepEqual(resolvePath({ path: `/random${API}` }, '/random').signedPaths, [`/random${API}`]);
});

test('a signature may be over the path with one slash where more were sent', () => {
  assert.deepEqual(resolvePath({ path: `//${API}` }).signedPaths, [`//${API}`, API]);
});

test('where the base path is not in the event a signature may be over the path with it', () => {
  assert.deepEqual(resolvePath({ path: API }, '/random').signedPaths, [API, `/random${API}`]);
  const signedPaths = resolvePath({ path: `/dev${API}`, stage: '/dev' }, '/random').signedPaths;
  assert.deepEqual(signedPaths, [`/dev${API}`, API, `/random${API}`]);
});
