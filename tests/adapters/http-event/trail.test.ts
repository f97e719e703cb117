import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHttpEvent } from '../../../lib/adapters/http-event/read-http-event.ts';
import type { Trail } from '../../../lib/telemetry/audit-line.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const ROOT = '1-5759e988-bd862e3fe1be46a994272793';

function trailOf(event: object, requestId?: string): Trail {
  const whole = { path: '/', httpMethod: 'POST', headers: {}, ...event };
  return readHttpEvent(whole, { requestId }, { freshRequestId: () => 'fresh' }).request.trail;
}

const ADDRESSES: readonly [name: string, event: object, address: string | undefined][] = [
  ['payload 1.0', { requestContext: { identity: { sourceIp: '203.0.113.7' } } }, '203.0.113.7'],
  [
    'payload 2.0',
    { rawPath: '/', requestContext: { http: { method: 'POST', sourceIp: '2001:db8::7' } } },
    '2001:db8::7',
  ],
  ['APIG', { requestContext: { sourceIp: '203.0.113.8' } }, '203.0.113.8'],
  [
    'a load balancer, of what it appended itself',
    { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' }, requestContext: { elb: {} } },
    '203.0.113.9',
  ],
  [
    'a load balancer with multi-value headers',
    { multiValueHeaders: { 'X-Forwarded-For': ['198.51.100.1', '203.0.113.9'] }, requestContext: { elb: {} } },
    '203.0.113.9',
  ],
  ['a forged header elsewhere', { headers: { 'x-forwarded-for': '198.51.100.1' }, requestContext: {} }, undefined],
  ['what is no address', { requestContext: { sourceIp: 'unix:\n{"a":1}' } }, undefined],
  ['a number', { requestContext: { identity: { sourceIp: 7 } } }, undefined],
  ['a word of hexadecimal digits', { requestContext: { sourceIp: 'deadbeef' } }, undefined],
];
for (const [name, event, address] of ADDRESSES) {
  test(`the client of ${name} is ${address ?? 'nobody'}`, () => assert.equal(trailOf(event).clientIp, address));
}

const TRACES: readonly [name: string, headers: object, traceId: string | undefined][] = [
  ['traceparent', { traceparent: TRACEPARENT }, TRACE],
  ['a later version with more behind it', { traceparent: `01-${TRACE}-00f067aa0ba902b7-01-more` }, TRACE],
  ['X-Amzn-Trace-Id', { 'X-Amzn-Trace-Id': `Self=1-67891234-12456789abcdef012345678;Root=${ROOT};Sampled=1` }, ROOT],
  ['both', { traceparent: TRACEPARENT, 'x-amzn-trace-id': `Root=${ROOT}` }, TRACE],
  ['a broken traceparent and the other', { traceparent: '00-x', 'x-amzn-trace-id': `Root=${ROOT}` }, ROOT],
  ['version ff', { traceparent: `ff-${TRACE}-00f067aa0ba902b7-01` }, undefined],
  ['all zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, undefined],
  ['upper case', { traceparent: TRACEPARENT.toUpperCase() }, undefined],
  ['two of them', { traceparent: [TRACEPARENT, TRACEPARENT] }, undefined],
  ['neither', {}, undefined],
];
for (const [name, headers, traceId] of TRACES) {
  test(`the trace of ${name} is ${traceId ?? 'none'}`, () => {
    assert.equal(trailOf({ headers, requestContext: {} }).traceId, traceId);
  });
}

test('where the gateway names the request, the function’s own id stands beside it', () => {
  const { requestId, invocationId } = trailOf({ requestContext: { requestId: 'gateway' } }, 'function');
  assert.deepEqual([requestId, invocationId], ['gateway', 'function']);
});

test('where it does not, the function’s own id is the one', () => {
  const { requestId, invocationId } = trailOf({ requestContext: {} }, 'function');
  assert.deepEqual([requestId, invocationId], ['function', undefined]);
  assert.equal(trailOf({ requestContext: {} }).requestId, 'fresh');
});
