import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpFunction } from '../../../lib/adapters/http-event/http-function.ts';
import { appOf } from '../../support/app.ts';
import { EVENT_SHAPES } from '../../support/event-shapes.ts';
import { createScriptedApp, scriptedEventFunction } from '../../support/scripted-app.ts';
import { STATIC } from '../../support/started-service.ts';
import { wireRequest } from '../../support/wire-request.ts';

const PATHS = ['/health/live', '/health/live/', '//health/live', '/random/health/live', '/random//health/live/'];
const QUERY = `verbose&x=${'y'.repeat(5_000)}`;

for (const shape of EVENT_SHAPES) {
  const lines: string[] = [];
  const app = appOf({ ...STATIC, BASE_PATH: '/random' }, (line) => lines.push(line));
  const httpFunction = createHttpFunction(app);

  for (const method of ['GET', 'HEAD']) {
    test(`${shape.name}: ${method} of /health/live is 200 without a token, and nothing is audited`, async () => {
      for (const path of PATHS) {
        for (const query of ['', QUERY]) {
          const event = shape.eventOf({ ...wireRequest({ path, query, contentType: undefined }), method });
          const more = { multiValueQueryStringParameters: { x: [query] }, queryStringParameters: { x: query } };
          const reply = await httpFunction({ ...event, ...more, body: null }, { requestId: 'r-1' });
          assert.deepEqual([reply.statusCode, reply.body], [200, '{"status":"ok"}'], path);
          const [headers = {}] = [reply.headers, reply.multiValueHeaders].filter((map) => map !== undefined);
          assert.deepEqual([headers['X-Request-Id']].flat(), [shape.requestId ?? 'r-1']);
          assert.deepEqual([headers['Cache-Control']].flat(), ['no-store']);
        }
      }
      assert.deepEqual(lines, []);
    });
  }

  test(`${shape.name}: only that path and these methods ask for the health`, async () => {
    const asked = [
      ['POST', '/health/live'],
      ['GET', '/health/ready'],
      ['GET', '/healthz'],
      ['GET', '/readyz'],
      ['GET', '/health/live//'],
      ['GET', '/health/live/x'],
      ['GET', '/other/health/live'],
    ] as const;
    for (const [method, path] of asked) {
      const { statusCode } = await httpFunction(shape.eventOf(wireRequest({ method, path })), {});
      assert.equal(statusCode, 404, `${method} ${path}`);
    }
  });
}

const WARM_UPS: readonly unknown[] = [
  { source: 'serverless-plugin-warmup' },
  { source: 'serverless-plugin-warmup', concurrency: 3 },
  { warmer: true },
  { warmer: true, concurrency: 3, __WARMER_INVOCATION__: 2, __WARMER_CONCURRENCY__: 3, __WARMER_CORRELATIONID__: 'x' },
];
for (const event of WARM_UPS) {
  for (const given of [event, JSON.stringify(event), Buffer.from(JSON.stringify(event))]) {
    const form = typeof given === 'string' ? 'as text' : Buffer.isBuffer(given) ? 'as bytes' : 'as it is';

    test(`the warm-up event ${JSON.stringify(event)}, ${form}, is answered without a line`, async () => {
      const { app, lines } = createScriptedApp({ draw: () => assert.fail('bytes were drawn') });
      const reply = await createHttpFunction(app)(given, {});
      assert.deepEqual([reply.statusCode, reply.body], [200, '{"status":"ok"}']);
      const events = scriptedEventFunction(() => assert.fail('bytes were drawn'));
      assert.deepEqual(await events.invoke(given, {}), { status: 'ok' });
      assert.deepEqual([...lines, ...events.lines], []);
    });
  }
}

const NO_WARM_UPS: readonly unknown[] = [
  { warmer: false },
  { warmer: 'true' },
  { source: 'com.example.keys' },
  [{ warmer: true }],
];
for (const event of NO_WARM_UPS) {
  test(`${JSON.stringify(event)} is no warm-up event: both functions refuse it`, async () => {
    const { app, lines } = createScriptedApp();
    await assert.rejects(createHttpFunction(app)(event, {}), { name: 'UnknownEventError' });
    assert.equal(lines.length, 1);
  });
}

test('what asks for bytes is no warm-up event, whatever else it says', async () => {
  const claims = { warmer: true, source: 'serverless-plugin-warmup' };
  const { invoke } = scriptedEventFunction();
  assert.deepEqual(await invoke({ ...claims, random_data_length: 8 }, {}), { random_data: 'A5' });
  const bus = { ...claims, 'detail-type': 'x', detail: { random_data_length: 8 } };
  assert.deepEqual(await invoke(bus, {}), { random_data: 'A5' });
  for (const shape of EVENT_SHAPES) {
    const { app } = createScriptedApp();
    const event = { ...shape.eventOf(wireRequest()), ...claims };
    assert.equal((await createHttpFunction(app)(event, {})).statusCode, 401, shape.name);
  }
});
