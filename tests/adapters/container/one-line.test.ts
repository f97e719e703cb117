import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createCloudEventsListener } from '../../../lib/adapters/container/cloudevents-door.ts';
import { createFunctionGraphListener } from '../../../lib/adapters/container/functiongraph-door.ts';
import { createHttpServer, serve } from '../../../lib/adapters/container/http-server.ts';
import { createEventFunction } from '../../../lib/adapters/event/event-function.ts';
import { coreOf } from '../../support/app.ts';
import {
  assertErrorReply,
  assertOneLine,
  type ExpectedError,
  FORMAT_INVALID,
  TOO_SLOW,
} from '../../support/contract-reply.ts';
import { deferred } from '../../support/deferred.ts';
import { serveOnLoopback } from '../../support/loopback.ts';
import { openConnection, type RawReply } from '../../support/raw-connection.ts';
import {
  type AuditLine,
  goodRequest,
  head,
  PATH,
  startTestServer,
  type TestServer,
} from '../../support/test-server.ts';

/** The server's own time-outs, made so short that nobody waits for them. Node looks at the interval when the server begins to listen. */
function hurry(server: Server): void {
  Object.assign(server, { headersTimeout: 30, requestTimeout: 60, connectionsCheckingInterval: 10 });
}

/** A door for events, with the server of the container. */
async function startEventDoor(context: TestContext, door: string): Promise<TestServer> {
  const lines: AuditLine[] = [];
  const core = coreOf({ SERVER_DOOR: door }, (line) => lines.push(JSON.parse(line)));
  const run = createEventFunction(core);
  const isOfFunctionGraph = door === 'functiongraph-event';
  const listener = isOfFunctionGraph ? createFunctionGraphListener(core, run) : createCloudEventsListener(core, run);
  const server = createHttpServer();
  hurry(server);
  serve(server, core, listener);
  const { port, close } = await serveOnLoopback(server);
  context.after(close);
  return { port, server, lines };
}

interface EventedDoor {
  readonly name: string;
  readonly line: string;
  readonly start: (context: TestContext) => Promise<TestServer>;
  /** Default: status and body of the catalogue. */
  readonly assertReply?: (reply: RawReply, expected: ExpectedError) => void;
}

const DOORS: readonly EventedDoor[] = [
  {
    name: 'http',
    line: `POST ${PATH} HTTP/1.1`,
    start: (context) => startTestServer(context, { adjust: hurry, draw: () => assert.fail('bytes were drawn') }),
  },
  {
    name: 'functiongraph-event',
    line: 'POST /invoke HTTP/1.1',
    start: (context) => startEventDoor(context, 'functiongraph-event'),
    // As a function's own runtime reports what it threw.
    assertReply: ({ status, body }, { code, message }) =>
      assert.deepEqual([status, body], [500, JSON.stringify({ errorType: code, errorMessage: message })]),
  },
  { name: 'cloudevents', line: 'POST / HTTP/1.1', start: (context) => startEventDoor(context, 'cloudevents') },
];

const LENGTH = 'Content-Length: 100';
const CHUNKED = 'Transfer-Encoding: chunked';
const BROKEN = [
  { name: 'a body that stops', header: LENGTH, body: '{"random', expected: TOO_SLOW },
  { name: 'a half-close in mid-body', header: LENGTH, body: '{"random', isEnd: true, expected: FORMAT_INVALID },
  { name: 'a half-close in mid-chunk', header: CHUNKED, body: '64\r\n{"random', isEnd: true, expected: FORMAT_INVALID },
  { name: 'a bad chunk', header: CHUNKED, body: '8\r\n{"random\r\nzz\r\n', expected: FORMAT_INVALID },
];

for (const { name: door, line, start, assertReply = assertErrorReply } of DOORS) {
  for (const { name, header, body, isEnd = false, expected } of BROKEN) {
    test(`${door}: ${name} is ${expected.status} with one audit line, which has the id of the answer`, async (context) => {
      const { port, server, lines } = await start(context);
      const accepted = once(server, 'connection');
      const connection = openConnection(port);
      connection.send(head([header], line) + body);
      if (isEnd) connection.socket.end();
      const [socket] = await accepted;
      const closed = once(socket, 'close');
      const reply = await connection.reply();
      assertReply(reply, expected);
      // Only then does Node tell the listener that the body has broken off.
      await closed;
      await turn();
      await turn();
      assertOneLine(lines, reply, expected);
    });
  }
}

test('a body that breaks off behind a request still drawn for: one line for each, each with the id of its answer', async (context) => {
  const started = deferred();
  const bytes = deferred<Uint8Array>();
  const draw = async () => {
    started.resolve();
    return { bytes: await bytes.promise, sources: [], omitted: [] };
  };
  const { port, server, lines } = await startTestServer(context, { draw });
  const accepted = once(server, 'connection');
  const connection = openConnection(port);
  connection.send(goodRequest());
  await started.promise;
  const [socket] = await accepted;
  const [closed, refused] = [once(socket, 'close'), once(server, 'clientError')];
  connection.send(`${head([CHUNKED])}8\r\n{"random\r\nzz\r\n`);
  await refused;
  bytes.resolve(new Uint8Array([0x5a]));
  const replies = [await connection.reply(), await connection.reply()];
  await closed;
  await turn();
  await turn();
  // The second one has been refused while the first was at work.
  assert.deepEqual(
    lines.map((line) => [line.status, line.request_id]).reverse(),
    replies.map(({ status, headers }) => [status, headers['x-request-id']]),
  );
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 400],
  );
});

test('a sender who is gone before anybody answered him has one line', async (context) => {
  const { port, server, lines } = await startTestServer(context);
  const accepted = once(server, 'connection');
  const connection = openConnection(port);
  connection.send(`${head([LENGTH])}{"random`);
  const [socket] = await accepted;
  await once(socket, 'data');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  connection.socket.resetAndDestroy();
  await closed;
  await turn();
  await turn();
  assert.deepEqual(
    lines.map((line) => [line.status, line.code, line.reason]),
    [[400, 'KMS.0214', 'sender-left']],
  );
});
