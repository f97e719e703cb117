import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { serveOnLoopback } from '../support/loopback.ts';
import { openConnection } from '../support/raw-connection.ts';
import { STATIC, STATIC_TOKEN } from '../support/started-service.ts';
import { goodRequest, head, TOKEN } from '../support/test-server.ts';
import { atEnd } from './at-end.ts';
import { type RunningServer, startServer } from './server.ts';

const TIMEOUT = { timeout: 120_000 };
const KIB = 1024;
const RESIDENT_MIB = 200;
/** A known caller who asks beside them waits no longer than this, on a machine that does other work too. */
const PATIENCE_MS = 10_000;

/** Static tokens for who is known, and an IAM that answers nobody for the others. */
async function start(t: TestContext, flags: string): Promise<RunningServer> {
  const { origin, close } = await serveOnLoopback(createServer());
  atEnd(t, close);
  const { STATIC_TOKENS = '' } = STATIC;
  const environment = {
    AUTH_METHODS: 'static,iam',
    STATIC_TOKENS,
    IAM_URL: `${origin}/v3`,
    NODE_OPTIONS: `--max-old-space-size=128 ${flags}`,
  };
  return startServer(t, { environment });
}

function residentMib({ child }: RunningServer): number {
  const status = readFileSync(`/proc/${child.process.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1]) / KIB;
}

async function assertServes({ port }: RunningServer): Promise<void> {
  const startedAtMs = performance.now();
  const connection = openConnection(port);
  connection.send(goodRequest().replace(TOKEN, STATIC_TOKEN));
  const { status } = await connection.reply();
  connection.socket.destroy();
  assert.equal(status, 200);
  assert(performance.now() - startedAtMs < PATIENCE_MS);
}

/** Headers of so many KiB, token or none included. */
const headers = (kib: number, more: readonly string[] = []): string =>
  head([`X-A: ${'a'.repeat(kib * KIB)}`, ...more]).replace(/X-Auth-Token: [^\r]*\r\n/, '');

/** Five hundred of them wait for IAM, which makes garbage enough for V8 to let the young part of the heap grow. */
const AS_THE_IMAGE = '--max-semi-space-size=16';

const BODY = 'b'.repeat(16 * KIB);
const LENGTH = `Content-Length: ${BODY.length}`;

interface Strangers {
  readonly name: string;
  readonly text: (index: number) => string;
  /** Beside the bound of the heap. */
  readonly flags?: string;
}

const STRANGERS: readonly Strangers[] = [
  { name: 'headers of 90 KB and a body of 16 KB, no token', text: () => headers(88, [LENGTH]) + BODY },
  { name: 'headers of 47 KB and half a body, no token', text: () => headers(46, [LENGTH]) + BODY.slice(0, 8 * KIB) },
  { name: 'headers of 47 KB that never end', text: () => headers(46).slice(0, -2) },
  {
    name: 'headers of 47 KB and half a body, each with a token that nobody knows',
    text: unknownToken,
    flags: AS_THE_IMAGE,
  },
  { name: 'nothing at all', text: () => '' },
];

function unknownToken(index: number): string {
  return headers(46, [LENGTH, `X-Auth-Token: stranger-${index}`]) + BODY.slice(0, 8 * KIB);
}

for (const count of [1_500, 2_000]) {
  for (const { name, text, flags = '' } of STRANGERS) {
    test(
      `${count} strangers with ${name}: alive in 128 MB of heap, and a known caller is served`,
      TIMEOUT,
      async (t) => {
        const server = await start(t, flags);
        await assertServes(server);
        const sockets: Socket[] = [];
        atEnd(t, () => sockets.forEach((socket) => void socket.destroy()));
        let most = 0;
        for (let index = 0; index < count; index += 1) {
          const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
          socket.resume();
          socket.write(text(index), 'latin1');
          sockets.push(socket);
          if (index % 50 !== 49) continue;
          // In portions that fit into the queue of connections that wait to be accepted.
          await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
          await setTimeout(10);
          most = Math.max(most, residentMib(server));
          if (index % 500 === 499) await assertServes(server);
        }
        for (let second = 0; second < 2; second += 1) {
          await assertServes(server);
          await setTimeout(500);
          most = Math.max(most, residentMib(server));
        }
        t.diagnostic(`${Math.round(most)} MiB resident at most`);
        assert.equal(server.child.process.exitCode, null);
        assert(most < RESIDENT_MIB, `${most} MiB`);
      },
    );
  }
}
