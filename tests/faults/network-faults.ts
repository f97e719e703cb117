import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Reason } from '../../lib/reasons.ts';
import type { Refusal } from '../support/contract.ts';
import { flawsOf } from '../support/contract-flaws.ts';
import { openConnection } from '../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../support/test-server.ts';
import { type Fault, NEXT_REQUEST } from './fault.ts';
import { startWorld } from './world.ts';

const withToken = (text: string): string => text.replace(TOKEN, STATIC_TOKEN);
const GOOD = withToken(goodRequest());

interface Row {
  readonly name: string;
  readonly sends: string;
  readonly answers: readonly (Refusal | 'bytes')[];
  readonly reason?: Reason;
  readonly isEnding?: boolean;
  readonly isSlow?: boolean;
}

const ROWS: readonly Row[] = [
  {
    name: 'a client stops in the middle of its headers',
    sends: GOOD.slice(0, 60),
    answers: ['408 KMS.0214'],
    reason: 'request-too-slow',
    isSlow: true,
  },
  {
    name: 'a known client stops in the middle of its body',
    sends: withToken(`${head(['Content-Length: 100'])}{`),
    answers: ['408 KMS.0214'],
    reason: 'request-too-slow',
    isSlow: true,
  },
  {
    name: 'a client sends 60 KiB of headers',
    sends: head([`X-Long: ${'a'.repeat(60 * 1024)}`]),
    answers: ['431 KMS.0203'],
    reason: 'headers-too-large',
  },
  {
    name: 'a client sends no HTTP',
    sends: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n',
    answers: ['400 KMS.0214'],
    reason: 'not-http',
  },
  {
    name: 'a client sends garbage behind a good request',
    sends: `${GOOD}garbage\r\n\r\n`,
    answers: ['bytes', '400 KMS.0214'],
    reason: 'not-http',
  },
  { name: 'a client ends its side after its request', sends: GOOD, answers: ['bytes'], isEnding: true },
];

/** The series that counts the answer, the refusal if there is one. */
function seriesOf(answers: Row['answers']): string {
  const refusal = answers.find((answer) => answer !== 'bytes');
  const [status, code] = refusal?.split(' ') ?? ['200', ''];
  return `gen_random_requests_total{status="${status}",code="${code}"}`;
}

async function check(context: TestContext, { sends, answers, reason, isEnding = false }: Row): Promise<void> {
  const world = await startWorld(context, STATIC);
  const connection = openConnection(world.service.port);
  connection.send(sends);
  if (isEnding) connection.socket.end();
  const ids: unknown[] = [];
  for (const expected of answers) {
    const reply = await connection.reply();
    assert.deepEqual(flawsOf(reply, expected === 'bytes' ? 8 : expected), []);
    ids.push(reply.headers['x-request-id']);
  }
  connection.socket.destroy();
  const lines = world.audited();
  assert.deepEqual(new Set(lines.map(({ request_id }) => request_id)), new Set(ids));
  assert.equal(lines.length, answers.length);
  assert.ok(reason === undefined || lines.some((line) => line.reason === reason));
  assert.equal(await world.metric(seriesOf(answers)), 1);
  await world.expects('bytes');
}

const LEFT = 'gen_random_requests_total{status="400",code="KMS.0214"}';

export const NETWORK_FAULTS: readonly Fault[] = [
  ...ROWS.map((row) => ({
    name: row.name,
    client: row.answers.map((answer) => (answer === 'bytes' ? '200' : answer)).join(', then '),
    ...(row.reason && { reason: row.reason }),
    metric: seriesOf(row.answers),
    heals: NEXT_REQUEST,
    isSlow: row.isSlow ?? false,
    run: (context: TestContext) => check(context, row),
  })),
  {
    name: 'a client resets its connection in the middle of its request',
    client: 'nothing; nothing is drawn',
    reason: 'sender-left',
    metric: LEFT,
    heals: NEXT_REQUEST,
    async run(context) {
      const world = await startWorld(context, STATIC);
      const connection = openConnection(world.service.port);
      connection.send(withToken(`${head(['Content-Length: 100'])}{`));
      while ((await world.metric('gen_random_connections')) < 1) await turn();
      await world.expects('bytes');
      connection.socket.resetAndDestroy();
      while (world.audited().length < 2) await turn();
      const { status, reason, sources } = world.audited().at(-1) ?? {};
      assert.deepEqual([status, reason, sources], [400, 'sender-left', undefined]);
      assert.equal(await world.metric(LEFT), 1);
    },
  },
  {
    name: 'the container is told to stop while a client keeps its connection',
    client: '200 with `Connection: close`, if it asks within a second',
    metric: 'gen_random_connections',
    heals: 'by the next container: new connections are refused',
    async run(context) {
      const world = await startWorld(context, { ...STATIC, SHUTDOWN_GRACE_SECONDS: '5' });
      const connection = openConnection(world.service.port);
      connection.send(GOOD);
      await connection.reply();
      const stopped = world.service.stop();
      connection.send(GOOD);
      const reply = await connection.reply();
      assert.deepEqual(flawsOf(reply, 8), []);
      assert.equal(reply.headers.connection, 'close');
      await stopped;
      await assert.rejects(world.ask());
    },
  },
];
