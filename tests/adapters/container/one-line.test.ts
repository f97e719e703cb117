import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createCloudEventsListener } from '../../../lib/adapters/container/cloudevents-door.ts';
import { createFunctionGraphListener } from '../../../lib/adapters/container/functiongraph-door.ts';
import { createHttpDoor } from '../../../lib/adapters/container/http-door.ts';
import { createEventFunction } from '../../../lib/adapters/event/event-function.ts';
import { ERROR_SENTENCES, PATH, type Refusal } from '../../support/contract.ts';
import { assertOneLine, assertRefused } from '../../support/contract-reply.ts';
import { columns } from '../../support/samples.ts';
import { heldDraw } from '../../support/scripted-app.ts';
import { goodRequest, head, hurry, startConnected, type TestServerOptions } from '../../support/test-server.ts';

const DOORS: readonly { name: string; path: string; listen: NonNullable<TestServerOptions['listen']> }[] = [
  { name: 'http', path: PATH, listen: createHttpDoor },
  {
    name: 'functiongraph-event',
    path: '/invoke',
    listen: (app) => createFunctionGraphListener(app, createEventFunction(app)),
  },
  { name: 'cloudevents', path: '/', listen: (app) => createCloudEventsListener(app, createEventFunction(app)) },
];

const LENGTH = 'Content-Length: 100';
const CHUNKED = 'Transfer-Encoding: chunked';
const BROKEN: readonly { name: string; header: string; body: string; isEnd?: true; expected: Refusal }[] = [
  { name: 'a body that stops', header: LENGTH, body: '{"random', expected: '408 KMS.0214' },
  { name: 'a half-close in mid-body', header: LENGTH, body: '{"random', isEnd: true, expected: '400 KMS.0214' },
  { name: 'a half-close in mid-chunk', header: CHUNKED, body: '64\r\n{"random', isEnd: true, expected: '400 KMS.0214' },
  { name: 'a bad chunk', header: CHUNKED, body: '8\r\n{"random\r\nzz\r\n', expected: '400 KMS.0214' },
];

function thrown(refusal: Refusal): string {
  return JSON.stringify({ errorType: refusal.slice(4), errorMessage: ERROR_SENTENCES[refusal] });
}

for (const { name: door, path, listen } of DOORS) {
  for (const { name, header, body, isEnd = false, expected } of BROKEN) {
    test(`${door}: ${name} is ${expected} with one audit line, which has the id of the answer`, async (context) => {
      const draw = () => assert.fail('bytes were drawn');
      const { accepted, connection, lines } = await startConnected(context, { adjust: hurry, listen, draw });
      connection.send(head([header], `POST ${path} HTTP/1.1`) + body);
      if (isEnd) connection.socket.end();
      const closed = once(await accepted, 'close');
      const reply = await connection.reply();
      // A function's own runtime reports what it threw.
      if (door === 'functiongraph-event') assert.deepEqual([reply.status, reply.body], [500, thrown(expected)]);
      else assertRefused(reply, expected);
      // Only then does Node tell the listener that the body has broken off.
      await closed;
      await turn();
      await turn();
      assertOneLine(lines, reply, expected);
    });
  }
}

test('a body that breaks off behind a request still drawn for: one line for each, each with the id of its answer', async (context) => {
  const { draw, started, release } = heldDraw();
  const { server, accepted, connection, lines } = await startConnected(context, { draw });
  connection.send(goodRequest());
  await started;
  const [closed, refused] = [once(await accepted, 'close'), once(server, 'clientError')];
  connection.send(`${head([CHUNKED])}8\r\n{"random\r\nzz\r\n`);
  await refused;
  release();
  const replies = [await connection.reply(), await connection.reply()];
  await closed;
  await turn();
  await turn();
  // The second one has been refused while the first was at work.
  assert.deepEqual(
    columns(lines, 'status', 'request_id').reverse(),
    replies.map(({ status, headers }) => [status, headers['x-request-id']]),
  );
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 400],
  );
});

test('a sender who is gone before anybody answered them has one line', async (context) => {
  const { accepted, connection, lines } = await startConnected(context);
  connection.send(`${head([LENGTH])}{"random`);
  const socket = await accepted;
  await once(socket, 'data');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  connection.socket.resetAndDestroy();
  await closed;
  await turn();
  await turn();
  assert.deepEqual(columns(lines, 'status', 'code', 'reason'), [[400, 'KMS.0214', 'sender-left']]);
});
