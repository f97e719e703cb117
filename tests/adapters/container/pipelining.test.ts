import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Draw } from '../../../lib/entropy/draw.ts';
import { assertErrorReply, FORMAT_INVALID } from '../../support/contract-reply.ts';
import { deferred } from '../../support/deferred.ts';
import { openConnection } from '../../support/raw-connection.ts';
import { goodRequest, head, startTestServer } from '../../support/test-server.ts';

const ANSWER = '{"random_data":"A5"}';

test('pipelined requests are answered in their order', async (context) => {
  const second = deferred();
  const drawn: number[] = [];
  const draw = async (length: number): Promise<Draw> => {
    drawn.push(length);
    if (drawn.length === 1) await second.promise;
    else second.resolve();
    return { bytes: new Uint8Array(length).fill(length), sources: [], omitted: [] };
  };
  const { port } = await startTestServer(context, { draw });
  const connection = openConnection(port);
  connection.send(goodRequest() + goodRequest().replace('26', '27').replace('"8"', '"16"'));
  assert.equal((await connection.reply()).body, '{"random_data":"01"}');
  assert.equal((await connection.reply()).body, '{"random_data":"0202"}');
});

const GARBAGE = [
  { name: 'garbage', text: 'garbage\r\n\r\n' },
  { name: 'two lengths', text: head(['Content-Length: 1', 'Content-Length: 2']) },
  { name: 'headers that are too large', text: head([`X-A: ${'a'.repeat(100_000)}`]) },
  { name: 'a bad chunk', text: `${head(['Transfer-Encoding: chunked'])}zz\r\n` },
];
for (const { name, text } of GARBAGE) {
  test(`${name} behind a good request does not disturb its answer`, async (context) => {
    const { port } = await startTestServer(context);
    const connection = openConnection(port);
    connection.send(goodRequest() + text);
    const reply = await connection.reply();
    assert.deepEqual([reply.status, reply.body], [200, ANSWER]);
    // Whatever follows is a reply of its own.
    const rest = await connection.rest();
    assert.match(rest, /^(?:$|HTTP\/1\.1 4)/);
  });

  test(`${name} behind a request that is still being drawn for does not disturb its answer`, async (context) => {
    const started = deferred();
    const bytes = deferred<Uint8Array>();
    const draw = async (): Promise<Draw> => {
      started.resolve();
      return { bytes: await bytes.promise, sources: [], omitted: [] };
    };
    const { port, server } = await startTestServer(context, { draw });
    const connection = openConnection(port);
    connection.send(goodRequest());
    await started.promise;
    const refused = once(server, 'clientError');
    connection.send(text);
    await refused;
    bytes.resolve(new Uint8Array([0x5a]));
    assert.equal((await connection.reply()).body, '{"random_data":"5A"}');
    assert.match(await connection.rest(), /^(?:$|HTTP\/1\.1 4)/);
  });
}

test('garbage on an idle connection is answered', async (context) => {
  const { port } = await startTestServer(context);
  const connection = openConnection(port);
  connection.send(goodRequest());
  assert.equal((await connection.reply()).status, 200);
  connection.send('garbage\r\n\r\n');
  assertErrorReply(await connection.reply(), FORMAT_INVALID);
});
