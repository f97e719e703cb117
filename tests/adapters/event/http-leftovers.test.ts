import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scriptedEventFunction } from '../../support/scripted-app.ts';

const LENGTH = { random_data_length: 8 };

// Members of API Gateway's events that a mapping may have left behind.
for (const mark of ['cookies', 'routeKey', 'stageVariables']) {
  test(`nothing is drawn for what has ${mark}, alone, in a list or in an envelope`, async () => {
    const { invoke, lines } = scriptedEventFunction();
    const asked = { ...LENGTH, [mark]: null };
    await assert.rejects(invoke(asked, {}), /an HTTP request needs a token/);
    await assert.rejects(invoke({ Records: [{ Sns: { Message: JSON.stringify(asked) } }] }, {}), { name: 'KMS.0214' });
    const answer = await invoke([asked, { eventSource: 'aws:sqs', body: JSON.stringify(asked) }], {});
    assert.deepEqual(JSON.stringify(answer).match(/KMS\.0214|random_data/g), ['KMS.0214', 'KMS.0214']);
    assert.deepEqual(
      lines.map(({ reason }) => reason),
      ['unsupported-trigger', 'http-in-event', 'http-in-event', 'http-in-event'],
    );
  });
}

test('an extension of a CloudEvent may be named cookies', async () => {
  const event = { specversion: '1.0', cookies: 'x', data: LENGTH };
  assert.deepEqual(Object.keys(await scriptedEventFunction().invoke(event, {})), ['random_data']);
});
