import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { getHeapSnapshot } from 'node:v8';
import { PROJECT_ID } from '../support/contract.ts';
import { openHttpApi } from '../support/doors.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { assertWithout } from '../support/secrets.ts';
import { DAY_MS, START_MS } from '../support/test-iam.ts';
import { wireRequest } from '../support/wire-request.ts';
import { start, startTestService } from './test-service.ts';

test('no token is logged: accepted, cached, refused, expired, without a project, not decided', async (context) => {
  const { iam, service } = await start(context, { LOG_LEVEL: 'debug' }, { lifetimeSeconds: 3_600 });
  const unknown = randomBytes(40).toString('base64url');
  const [good, unscoped, late] = [await iam.issue(), await iam.issue('demo', 'unscoped'), await iam.issue()];
  await service.draws(good);
  await service.draws(good);
  await service.refuses(unknown, '403 KMS.0302');
  await service.refuses(unscoped, '403 KMS.0305');
  await service.refuses(`${good},${late}`, '401 KMS.0301');
  iam.misbehave((_, response) => response.writeHead(500, { 'X-Echo': late }).end(late));
  await service.refuses(late, '502 APIGW.0201');
  iam.clock.ms += DAY_MS;
  await service.refuses(good, '403 KMS.0303');
  assert.equal(service.lines.filter((line) => line.includes('"status":')).length, 7);
  assert(service.lines.some((line) => line.includes('"dependency":"iam"')));
  assertWithout(service.lines.join('\n'), [good, unknown, unscoped, late]);
});

const TOKENS = 50;
/** The last one of each connection stands in the buffers of Node's HTTP parser and agent until the next comes. */
const IN_NODES_BUFFERS = 2;

test('the whole chain keeps no token, neither of those it knows nor of those it refuses', async (context) => {
  let asked = 0;
  const server = plainServer((_, response) => {
    asked += 1;
    const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
    if (asked % 2 === 0) response.writeHead(401).end();
    else response.end(JSON.stringify({ token }));
  });
  const { origin } = await serveOnLoopback(server, context);
  const { app } = await startTestService(context, { url: `${origin}/v3`, clock: { ms: START_MS } });
  const { send } = openHttpApi(app);
  const mark = ['kept', 'by', 'nobody', ''].join('-');
  const statuses: number[] = [];
  await (async () => {
    for (const token of freshTokens(mark)) {
      for (const _ of [1, 2]) statuses.push((await send(wireRequest({ tokens: [token] }))).answer.status);
    }
  })();
  assert.deepEqual(new Set(statuses), new Set([200, 403]));
  assert.equal(asked, TOKENS);
  const control = ['held', 'by', 'the', 'test', ''].join('-');
  const held = freshTokens(control);
  assert.ok((await countInHeap(control)) >= held.length);
  const kept = await countInHeap(mark);
  assert.ok(kept <= IN_NODES_BUFFERS, `${kept} of ${TOKENS}`);
});

/** Texts that begin in a way no source file does, so that the heap has them from here alone. */
function freshTokens(mark: string): string[] {
  // By way of a buffer: a snapshot shows the two halves of a text that was only just joined.
  return Array.from({ length: TOKENS }, () => Buffer.from(mark + randomBytes(24).toString('hex')).toString('latin1'));
}

/** How many different texts with this mark are alive. */
async function countInHeap(mark: string): Promise<number> {
  let snapshot = '';
  for await (const part of getHeapSnapshot().setEncoding('latin1')) snapshot += part;
  return new Set(snapshot.match(new RegExp(`${mark}[0-9a-f]{48}`, 'g'))).size;
}
