import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuditBook } from './audit-book.ts';
import type { Exchange } from './clients.ts';
import { judge } from './judge.ts';
import { type Occurrence, OUTAGES } from './outages.ts';
import { growths, hasGrown, type Sample } from './samples.ts';

const ID = '5e0f7a60-0000-4000-8000-000000000001';

function exchange(status: number, body: string, more: Record<string, string> = {}): Exchange['answer'] {
  const headers = {
    'content-type': 'application/json;charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': ID,
    'x-openstack-request-id': `req-${ID}`,
    'content-length': String(body.length),
    ...more,
  };
  return { status, headers, body };
}

const BITS = { answer: exchange(200, '{"random_data":"A5"}'), wanted: 8 };
const UNAVAILABLE = exchange(502, '{"error":{"error_code":"APIGW.0201","error_msg":"Backend unavailable."}}', {
  'retry-after': '5',
});

function occurrence(name: string): Occurrence {
  const outage = OUTAGES.find((one) => one.name === name) ?? assert.fail(name);
  return { outage, beganMs: 1_000, endedMs: 2_000 };
}

test('what the contract says is right, whatever the time', () => {
  assert.deepEqual(judge(BITS, [], 0, 10), []);
});

test('an outage excuses its own answer, to requests that need IAM, and for as long as it lasts', () => {
  const refusing = [occurrence('IAM refuses connections')];
  const wanting = { answer: UNAVAILABLE, wanted: 512, needsIam: true };
  assert.deepEqual(judge(wanting, refusing, 1_500, 1_510), []);
  assert.notDeepEqual(judge(wanting, refusing, 4_000, 4_010), []);
  assert.notDeepEqual(judge({ ...wanting, needsIam: false }, refusing, 1_500, 1_510), []);
  assert.notDeepEqual(judge(wanting, [occurrence('IAM is silent')], 1_500, 1_510), []);
});

test('an answer without huawei-kms is wrong unless that has failed within 18 seconds', () => {
  const degraded = { ...BITS, answer: exchange(200, BITS.answer.body, { 'x-entropy-degraded': 'huawei-kms' }) };
  const silent = [occurrence('huawei-kms is silent')];
  assert.deepEqual(judge(degraded, silent, 15_000, 15_010), []);
  assert.notDeepEqual(judge(degraded, silent, 30_000, 30_010), []);
  assert.notDeepEqual(judge(degraded, [], 1_500, 1_510), []);
});

const WRONG = [
  { name: 'too few digits', answer: exchange(200, '{"random_data":"A"}') },
  { name: 'lower case', answer: exchange(200, '{"random_data":"a5"}') },
  { name: 'a header too few', answer: exchange(200, BITS.answer.body, { 'cache-control': 'public' }) },
  { name: 'another length', answer: exchange(200, BITS.answer.body, { 'content-length': '5' }) },
  { name: 'two request ids', answer: exchange(200, BITS.answer.body, { 'x-openstack-request-id': 'req-x' }) },
];
for (const { name, answer } of WRONG) {
  test(`an answer with ${name} is wrong`, () => {
    assert.equal(judge({ answer, wanted: 8 }, [], 0, 10).length, 1);
  });
}

test('lines that are missing, doubled or of another status are counted', () => {
  const book = createAuditBook();
  for (const request_id of ['a', 'b', 'b', 'c']) book.line({ request_id, status: 200 });
  for (const [id, status] of [
    ['a', 200],
    ['b', 200],
    ['c', 502],
    ['d', 200],
    ['e', 429],
  ] as const) {
    book.answer(id, status);
  }
  assert.deepEqual(book.result(), { lines: 4, missing: 2, doubled: 1, different: 1 });
  book.line({ message: 'requests were refused while standard output stalled', refused: 3 });
  assert.deepEqual(book.result(), { lines: 4, missing: 1, doubled: 1, different: 1 });
});

const QUIET: Sample = {
  atMs: 0,
  residentBytes: 1e8,
  heapBytes: 1e7,
  descriptors: 30,
  connections: 0,
  inFlight: 0,
  timers: 0,
  sockets: 2,
};

function grown(last: Partial<Sample>, after: Partial<Sample> = {}): readonly string[] {
  const loaded = [QUIET, QUIET, QUIET, { ...QUIET, ...last }];
  return growths([QUIET, { ...QUIET, ...after }], loaded)
    .filter(hasGrown)
    .map(({ name }) => name);
}

test('growth is seen, in memory between quarters and in all else between before and after', () => {
  assert.deepEqual(grown({}), []);
  assert.deepEqual(grown({ residentBytes: 1.5e8 }), ['residentBytes']);
  assert.deepEqual(grown({ heapBytes: 3e7 }), ['heapBytes']);
  assert.deepEqual(grown({}, { descriptors: 50 }), ['descriptors']);
  assert.deepEqual(grown({}, { connections: 1 }), ['connections']);
  assert.deepEqual(grown({}, { timers: 50, sockets: 50 }), ['timers', 'sockets']);
  assert.deepEqual(grown({ heapBytes: Number.NaN }), ['heapBytes']);
});
