import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runServer } from '../support/child-process.ts';
import { PATH } from '../support/contract.ts';
import { ALLOWED_ROLE, startTestIam } from '../support/test-iam.ts';

const REQUESTS = 10_000;
const REMEMBERED = 100;
const CONNECTIONS = 8;
/** So many characters in a row of an output or of a token are a trace of it. */
const TRACE_CHARACTERS = 24;

/** The container's server as it is, which writes its heap to a file when it gets a signal. */
async function startServer(context: TestContext, environment: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-heap-'));
  context.after(() => rm(folder, { recursive: true }));
  const NODE_OPTIONS = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`;
  const { child, port } = await runServer(context, { ...environment, NODE_OPTIONS });
  async function heap(): Promise<string> {
    child.kill('SIGUSR2');
    for (;;) {
      await sleep(50);
      const [file] = readdirSync(folder);
      const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
      if (text.trimEnd().endsWith(']}')) return text;
    }
  }
  return { port, heap };
}

/** Draws 512 bits. */
async function draw(agent: Agent, port: number, token: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json', 'X-Auth-Token': token };
  const outgoing = request({ agent, host: '127.0.0.1', port, method: 'POST', path: PATH, headers });
  outgoing.end('{"random_data_length":"512"}');
  const [message]: IncomingMessage[] = await once(outgoing, 'response');
  return message === undefined ? '' : text(message);
}

async function drawMany(agent: Agent, port: number, token: string): Promise<string[]> {
  const last: string[] = [];
  let left = REQUESTS;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const answer = await draw(agent, port, token);
      const [, output = ''] = /^\{"random_data":"([0-9A-F]{128})"\}$/.exec(answer) ?? [];
      assert.equal(output.length, 128, answer);
      last.push(output);
      if (last.length > REMEMBERED) last.shift();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return last;
}

/** Pieces of a secret, next to each other, as it is and in lower case. */
function tracesOf(secret: string): string[] {
  const count = Math.floor(secret.length / TRACE_CHARACTERS);
  const pieces = Array.from({ length: count }, (_, index) => secret.substr(index * TRACE_CHARACTERS, TRACE_CHARACTERS));
  return [...pieces, ...pieces.map((piece) => piece.toLowerCase())];
}

test('the heap of a server that answered 10,000 requests has no output and no token in it', async (context) => {
  const iam = await startTestIam(context, { startMs: Date.now() });
  const token = await iam.issue();
  const planted = `planted-${randomUUID()}`;
  const server = await startServer(context, { IAM_URL: iam.url, IAM_ALLOWED_ROLES: `${ALLOWED_ROLE},${planted}` });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const outputs = await drawMany(agent, server.port, token);
  assert.equal(outputs.length, REMEMBERED);
  const heap = await server.heap();
  agent.destroy();
  // What the service keeps on purpose is found, so that what is not found is not kept.
  for (const known of [planted, iam.url]) assert.ok(heap.includes(known), 'a string of the configuration');
  const traces = [...outputs, token].flatMap(tracesOf);
  assert.deepEqual(
    traces.filter((trace) => heap.includes(trace)),
    [],
  );
});
