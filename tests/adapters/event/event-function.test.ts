import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATALOGUE, type ErrorKey, ServiceError } from '../../../lib/errors.ts';
import { drawCounting, FRESH_ID, scriptedEventFunction } from '../../support/scripted-app.ts';
import { snsEvent, sqsRecord } from './aws-events.ts';

const REQUEST = { random_data_length: '16' };
const ANSWER = { random_data: 'A5A6' };
const SEQUENCE = '919c82d4-8046-4722-9094-35c3c6524cff';

test('a single request is answered by a single result', async () => {
  const { invoke } = scriptedEventFunction();
  assert.deepEqual(await invoke(REQUEST, {}), ANSWER);
  assert.deepEqual(await invoke(snsEvent('{"random_data_length":16}'), {}), ANSWER);
});

const FAILURES: readonly { readonly request: unknown; readonly key: ErrorKey }[] = [
  { request: { random_data_length: null }, key: 'length-missing' },
  { request: { random_data_length: '0512' }, key: 'length-not-integer' },
  { request: { random_data_length: 8200 }, key: 'length-out-of-range' },
  { request: { random_data_length: 12 }, key: 'length-not-whole-bytes' },
  { request: { random_data_length: 16, sequence: 'short' }, key: 'sequence-invalid' },
];
for (const { request, key } of FAILURES) {
  const { code, message } = CATALOGUE[key];
  test(`${key} alone is thrown as an error named ${code}, for a Catch of Step Functions`, async () => {
    const { invoke } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
    await assert.rejects(async () => invoke(request, {}), { name: code, message });
  });

  test(`${key} in a list stands in its place as in an HTTP answer`, async () => {
    const { invoke } = scriptedEventFunction();
    const error = { error: { error_code: code, error_msg: message } };
    assert.deepEqual(await invoke([REQUEST, request, REQUEST], {}), [ANSWER, error, ANSWER]);
  });
}

for (const key of ['entropy-unhealthy', 'backend-unavailable', 'backend-timeout', 'throttled'] as const) {
  test(`${key} of a draw is thrown by its code and named in a list`, async () => {
    const { invoke } = scriptedEventFunction(() => {
      throw new ServiceError(key, { reason: 'source-failed' });
    });
    const { code, message } = CATALOGUE[key];
    await assert.rejects(async () => invoke(REQUEST, {}), { name: code, message });
    assert.deepEqual(await invoke([REQUEST], {}), [{ error: { error_code: code, error_msg: message } }]);
  });
}

test('a defect is KMS.0103, and its message stays in', async () => {
  const { invoke, lines } = scriptedEventFunction(() => {
    throw new TypeError('the secret of a defect');
  });
  await assert.rejects(async () => invoke(REQUEST, {}), { name: 'KMS.0103', message: CATALOGUE.defect.message });
  assert.deepEqual([lines[0]?.status, lines[0]?.cause], [500, 'TypeError']);
  assert.doesNotMatch(JSON.stringify(lines), /the secret/);
});

test('the requests of a list are drawn one after the other, in order', async () => {
  const drawn: number[] = [];
  let atOnce = 0;
  const { invoke } = scriptedEventFunction(async (length) => {
    atOnce += 1;
    assert.equal(atOnce, 1);
    await Promise.resolve();
    drawn.push(length);
    atOnce -= 1;
    return drawCounting(length);
  });
  await invoke(
    [8, 16, 24, 32].map((bits) => ({ random_data_length: bits })),
    {},
  );
  assert.deepEqual(drawn, [1, 2, 3, 4]);
});

test('every request has its audit line, with the trigger and without what was drawn or sent', async () => {
  const { invoke, lines } = scriptedEventFunction((length) => ({
    bytes: new Uint8Array(length).fill(0xc7),
    sources: ['one', 'two'],
    omitted: [],
  }));
  const bad = sqsRecord('{"random_data_length":"a secret of the sender"}');
  await invoke([sqsRecord(JSON.stringify({ random_data_length: 64, sequence: SEQUENCE })), bad], {
    requestId: 'r-1',
  });
  const common = { level: 'info', request_id: 'r-1', event_name: 'genRandom', resource_type: 'RNG', trigger: 'batch' };
  assert.deepEqual(
    lines.map(({ time: _, ...line }) => line),
    [
      {
        ...common,
        bit_length: 64,
        sequence: SEQUENCE,
        sources: ['one', 'two'],
        status: 200,
        entropy_ms: 1,
        duration_ms: 3,
        cold_start: true,
      },
      {
        ...common,
        status: 400,
        code: 'KMS.0308',
        reason: 'length-not-integer',
        duration_ms: 1,
        cold_start: false,
      },
    ],
  );
  assert.doesNotMatch(JSON.stringify(lines), /C7C7|c7c7|199,199|secret of the sender|receiptHandle|AQEB/);
});

test('an unsupported trigger is logged once with its keys and without its values', async () => {
  const { invoke, lines } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
  const event = { token: 'a-secret-of-the-sender', Records: [{ eventSource: 'aws:s3', key: 'another-secret' }] };
  await assert.rejects(async () => invoke(event, { requestId: 'fg-1' }), { name: 'UnsupportedTriggerError' });
  assert.equal(lines.length, 1);
  assert.deepEqual(
    [lines[0]?.level, lines[0]?.request_id, lines[0]?.status, lines[0]?.reason, lines[0]?.detail],
    ['error', 'fg-1', 500, 'unsupported-trigger', 'not an event of a known trigger; top-level keys: token, Records'],
  );
  assert.doesNotMatch(JSON.stringify(lines), /secret/);
});

const NO_JSON: readonly (readonly [name: string, event: unknown, reason: string])[] = [
  ['text that is no JSON', '{"random_data_length":', 'body-not-json'],
  ['empty text', '', 'body-not-json'],
  ['bytes that are no JSON', Buffer.from('eight bits'), 'body-not-json'],
  ['bytes that are no UTF-8', Buffer.from('{"random_data_length":8,"x":"\xff"}', 'latin1'), 'body-not-utf8'],
];
for (const [name, event, reason] of NO_JSON) {
  test(`an event of ${name} is KMS.0202 with one line`, async () => {
    const { invoke, lines } = scriptedEventFunction(() => assert.fail('bytes were drawn'));
    await assert.rejects(async () => invoke(event, { requestId: 'r-1' }), { name: 'KMS.0202' });
    assert.deepEqual(
      lines.map((line) => [line.request_id, line.status, line.code, line.reason]),
      [['r-1', 400, 'KMS.0202', reason]],
    );
  });
}

test('a sequence of bytes that are no UTF-8 is in no line', async () => {
  const { invoke, lines } = scriptedEventFunction();
  const body = Buffer.concat([
    Buffer.from('{"random_data_length":8,"sequence":"'),
    Buffer.alloc(36, 0xff),
    Buffer.from('"}'),
  ]);
  const wrapped = { eventSource: 'aws:kinesis', data: body.toString('base64') };
  await assert.rejects(async () => invoke(body, {}), { name: 'KMS.0202' });
  const error = { error: { error_code: 'KMS.0202', error_msg: CATALOGUE['body-not-json'].message } };
  assert.deepEqual(await invoke([REQUEST, wrapped, REQUEST], {}), [ANSWER, error, ANSWER]);
  assert.deepEqual(
    lines.map(({ sequence }) => sequence),
    [undefined, undefined, undefined, undefined],
  );
});

test('an event that throws when it is looked at is logged without its words', async () => {
  const { invoke, lines } = scriptedEventFunction();
  const event = new Proxy({}, { has: () => assert.fail('a secret of the event') });
  await assert.rejects(async () => invoke(event, {}));
  assert.equal(lines[0]?.reason, 'defect');
});

test('a degraded draw is served, and its audit line warns of the sources left out', async () => {
  const draw = () => ({ bytes: new Uint8Array(2), sources: ['node-crypto'], omitted: ['aws-kms'] });
  const { invoke, lines } = scriptedEventFunction(draw);
  assert.deepEqual(await invoke(REQUEST, {}), { random_data: '0000' });
  assert.deepEqual(
    [lines[0]?.level, lines[0]?.status, lines[0]?.sources, lines[0]?.degraded],
    ['warn', 200, ['node-crypto'], ['aws-kms']],
  );
});

test('every draw is told how much time the platform leaves to it', async () => {
  const left: unknown[] = [];
  const { invoke } = scriptedEventFunction((length, remainingMs) => {
    left.push(remainingMs);
    return drawCounting(length);
  });
  let remainingMs = 3_000;
  const clock = () => {
    remainingMs -= 1_000;
    return remainingMs;
  };
  await invoke([REQUEST, REQUEST], { remainingMs: clock });
  await invoke(REQUEST, { remainingMs: clock });
  await invoke(REQUEST, {});
  assert.deepEqual(left, [2_000, 1_000, 0, undefined]);
});

test('an invocation without an id of its own gets a fresh one', async () => {
  const { invoke, lines } = scriptedEventFunction();
  await invoke(REQUEST, {});
  assert.equal(lines[0]?.request_id, FRESH_ID);
});
