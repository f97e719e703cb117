import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startContainer } from '../../support/started-service.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const HEADERS = {
  'ce-id': '1',
  'ce-source': '/tests',
  'ce-type': 'draw',
  'ce-specversion': '1.0',
  traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`,
};

const EVENTS: readonly [name: string, body: string][] = [
  ['a request', '{"random_data_length":8}'],
  ['a list', '[{"random_data_length":8},{"random_data_length":16}]'],
  ['what is refused', '{"random_data_length":7}'],
];
for (const [name, body] of EVENTS) {
  test(`the lines of ${name} that a broker delivers name the trace`, async (context) => {
    const { origin, audited } = await startContainer(context, { SERVER_DOOR: 'cloudevents' });
    const headers = { ...HEADERS, 'content-type': 'application/json' };
    await (await fetch(origin, { method: 'POST', headers, body })).text();
    assert.ok(audited().length > 0);
    for (const line of audited()) assert.equal(line.trace_id, TRACE_ID);
  });
}
