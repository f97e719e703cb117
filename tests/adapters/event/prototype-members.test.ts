import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventResult } from '../../../lib/adapters/event/event-function.ts';
import { scriptedEventFunction } from '../../support/scripted-app.ts';

const BODIES = [
  '{"random_data_length":8,"__proto__":{"sequence":null}}',
  '{"__proto__":{"random_data_length":8},"random_data_length":8}',
  String.raw`{"random_data_length":8,"\u005f_proto__":1}`,
  '{"random_data_length":8,"more":[{"deep":{"__proto__":null}}]}',
];

const base64 = (text: string) => Buffer.from(text).toString('base64');

const CARRIERS: readonly { readonly name: string; readonly carry: (body: string) => unknown }[] = [
  { name: 'a direct event', carry: (body) => JSON.parse(body) },
  { name: 'the text of an event', carry: (body) => body },
  { name: 'the bytes of an event', carry: (body) => Buffer.from(body) },
  { name: 'a list', carry: (body) => [JSON.parse(body)] },
  { name: 'a notification', carry: (body) => ({ Records: [{ Sns: { Message: body } }] }) },
  { name: 'an event of a bus', carry: (body) => ({ 'detail-type': 'ask', detail: JSON.parse(body) }) },
  { name: 'a record of a stream', carry: (body) => [{ eventSource: 'aws:kinesis', data: base64(body) }] },
  { name: 'a CloudEvent', carry: (body) => ({ specversion: '1.0', data_base64: base64(body) }) },
];

for (const { name, carry } of CARRIERS) {
  test(`a member __proto__ in ${name} is KMS.0202 and nothing is drawn, as over HTTP`, async () => {
    for (const body of BODIES) {
      const { invoke, lines } = scriptedEventFunction();
      const answer = await invoke(carry(body), {}).catch((error: Error) => error.name);
      assert.equal(codeOf(answer), 'KMS.0202', body);
      assert.deepEqual(
        lines.map(({ status, code }) => [status, code]),
        [[400, 'KMS.0202']],
      );
    }
  });
}

test('a document that is as deep as it is long is looked through', async () => {
  const deep = `{"random_data_length":8,"x":${'['.repeat(8000)}${']'.repeat(8000)}}`;
  assert.deepEqual(Object.keys(await scriptedEventFunction().invoke(deep, {})), ['random_data']);
});

function codeOf(answer: EventResult | string): unknown {
  const [first] = [answer].flat();
  return typeof first === 'object' && 'error' in first ? first.error.error_code : first;
}
