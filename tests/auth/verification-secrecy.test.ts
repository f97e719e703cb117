import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { getHeapSnapshot } from 'node:v8';
import { createHttpFunction } from '../../lib/adapters/http-event/http-function.ts';
import { PROJECT_ID } from '../support/contract.ts';
import { EVENT_SHAPES } from '../support/event-shapes.ts';
import { plainServer, serveOnLoopback } from '../support/loopback.ts';
import { assertWithout } from '../support/secrets.ts';
import { wireRequest } from '../support/wire-request.ts';
import { DAY_MS, START_MS, startTestIam } from './test-iam.ts';
import { startTestService } from './test-service.ts';

// Number 6 of the list in verification-list.test.ts: a token is neither logged nor kept, whatever becomes of it.

test('6: no token is logged: accepted, cached, refused, expired, without a project, not decided', async (context) => {
  const iam = await startTestIam(context, { lifetimeSeconds: 3_600 });
  const service = await startTestService(context, { iamUrl: iam.url, clock: iam.clock, logLevel: 'debug' });
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

test('6: the whole chain keeps no token, neither of those it knows nor of those it refuses', async (context) => {
  const server = plainServer((request, response) => {
    const isKnown = request.headers['x-subject-token']?.includes('nobody-1');
    const token = { expires_at: '2099-01-01T00:00:00.000000Z', project: { id: PROJECT_ID } };
    response.writeHead(isKnown ? 200 : 401).end(isKnown ? JSON.stringify({ token }) : '');
  });
  const { origin, close } = await serveOnLoopback(server);
  context.after(close);
  const { app } = await startTestService(context, { iamUrl: `${origin}/v3`, clock: { ms: START_MS } });
  const httpFunction = createHttpFunction(app);
  const [shape] = EVENT_SHAPES;
  assert.ok(shape);
  const mark = ['kept', 'by', 'nobody', ''].join('-');
  const statuses = new Set<number>();
  await (async () => {
    for (const token of freshTokens(mark)) {
      for (const _ of [1, 2]) {
        const reply = await httpFunction(shape.eventOf(wireRequest({ tokens: [token] })), {});
        statuses.add(reply.statusCode);
      }
    }
  })();
  assert.deepEqual([...statuses].sort(), [200, 403]);
  const control = ['held', 'by', 'the', 'test', ''].join('-');
  const held = freshTokens(control);
  assert.ok((await countInHeap(control)) >= held.length);
  const kept = await countInHeap(mark);
  assert.ok(kept <= IN_NODES_BUFFERS, `${kept} of ${TOKENS}`);
});

/** Texts that begin in a way no source file does, so that the heap has them from here alone. */
function freshTokens(mark: string): string[] {
  // By way of a buffer: a snapshot shows the two halves of a text that was only just joined.
  return Array.from({ length: TOKENS }, (_, index) =>
    Buffer.from(`${mark}${index % 2}${randomBytes(24).toString('hex').slice(1)}`).toString('latin1'),
  );
}

/** How many different texts with this mark are alive. */
async function countInHeap(mark: string): Promise<number> {
  let snapshot = '';
  for await (const part of getHeapSnapshot().setEncoding('latin1')) snapshot += part;
  return new Set(snapshot.match(new RegExp(`${mark}[0-9a-f]{48}`, 'g'))).size;
}
