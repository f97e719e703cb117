import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudEvent, HTTP } from 'cloudevents';
import { eventSamples, patternOf } from '../support/samples.ts';
import { PROJECT_ID, startIam } from './iam.ts';
import { nextAuditLine } from './observed.ts';
import { startServer } from './server.ts';

const TIMEOUT = { timeout: 60_000 };
const BODY = '{"random_data_length":"512"}';

for (const on of ['container', 'functiongraph'] as const) {
  test(`server on ${on}: gen-random over HTTP`, TIMEOUT, async (t) => {
    const iam = await startIam(t);
    const { child, url } = await startServer(t, { on, environment: { IAM_URL: iam.url } });
    const path = `/v1.0/${PROJECT_ID}/kms/gen-random`;
    const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': iam.token };
    const reply = await fetch(url + path, { method: 'POST', headers, body: BODY });
    assert.match(await reply.text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);
    assert.equal((await nextAuditLine(child)).status, 200);
    for (const probe of ['/healthz', '/readyz', '/health/live', '/health/ready']) {
      assert.equal((await fetch(url + probe)).status, 200);
    }
    assert.equal((await fetch(`${url}/invoke`, { method: 'POST', body: BODY })).status, 404);
    child.process.kill('SIGTERM');
    assert.equal(await child.exit, 0);
  });

  test(`server on ${on}: the door of FunctionGraph's events answers every sample`, TIMEOUT, async (t) => {
    const { url } = await startServer(t, { on, environment: { SERVER_DOOR: 'functiongraph-event' } });
    assert.equal((await fetch(`${url}/init`, { method: 'POST' })).status, 200);
    for (const { name, event, reply } of eventSamples()) {
      const response = await fetch(`${url}/invoke`, { method: 'POST', body: JSON.stringify(event) });
      assert.match(await response.text(), patternOf(JSON.stringify(reply)), name);
    }
  });

  test(`server on ${on}: the door of CloudEvents answers an event by an event`, TIMEOUT, async (t) => {
    const { url } = await startServer(t, { on, environment: { SERVER_DOOR: 'cloudevents' } });
    const event = new CloudEvent({ id: '1', source: '/check', type: 'gen-random.request', data: JSON.parse(BODY) });
    for (const { headers, body } of [HTTP.binary(event), HTTP.structured(event)]) {
      const lines = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
      const response = await fetch(url, { method: 'POST', headers: lines, body: String(body) });
      const reply = HTTP.toEvent({ headers: Object.fromEntries(response.headers), body: await response.text() });
      assert(reply instanceof CloudEvent);
      assert.deepEqual([reply.type, reply.inreplyto], ['gen-random.drawn', '1']);
      assert.match(JSON.stringify(reply.data), /^\{"random_data":"[0-9A-F]{128}"\}$/);
    }
  });
}
