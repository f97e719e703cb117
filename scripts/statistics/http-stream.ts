import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Stream } from './streams.ts';

const PROJECT_ID = '0123456789abcdef0123456789abcdef';
const BODY = JSON.stringify({ random_data_length: '8192' });
const BYTES_PER_REQUEST = 1024;
const CONNECTIONS = 16;
const TIMEOUT_MS = 30_000;

/** The bytes of the container's server, in a process of its own on 127.0.0.1, with its default sources. */
export function httpStream(): Stream {
  return {
    name: 'HTTP',
    async open() {
      const token = randomUUID();
      const { child, port } = await startServer(token);
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
      const fetch = () => ask(agent, port, token);
      return {
        async fill(bytes) {
          let next = 0;
          const work = async (): Promise<void> => {
            while (next < bytes.length) {
              const at = next;
              next += BYTES_PER_REQUEST;
              const answer = await fetch();
              bytes.set(answer.subarray(0, bytes.length - at), at);
            }
          };
          await Promise.all(Array.from({ length: CONNECTIONS }, work));
        },
        async close() {
          agent.destroy();
          child.kill('SIGTERM');
          const [code] = await once(child, 'close');
          if (code !== 0) throw new Error(`the server ended with ${code}`);
        },
      };
    },
  };
}

async function startServer(token: string): Promise<{ child: ChildProcessByStdio<null, Readable, null>; port: number }> {
  const digest = createHash('sha256').update(token).digest('hex');
  const child = spawn(process.execPath, ['handlers/server.ts'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: {
      AUTH_METHODS: 'static',
      STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [digest] }),
      HOST: '127.0.0.1',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  let written = '';
  for (;;) {
    const [more] = await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(() => [undefined])]);
    if (more === undefined) throw new Error('the server did not start');
    written += more;
    const port = /"message":"listening".*"port":(\d+)/.exec(written)?.[1];
    if (port === undefined) continue;
    // Its audit lines go nowhere, but somebody must read them.
    child.stdout.resume();
    return { child, port: Number(port) };
  }
}

function ask(agent: Agent, port: number, token: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent,
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: `/v1.0/${PROJECT_ID}/kms/gen-random`,
      headers: { 'Content-Type': 'application/json', 'X-Auth-Token': token, 'Content-Length': BODY.length },
      timeout: TIMEOUT_MS,
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('the server did not answer in time')));
    outgoing.on('error', reject);
    outgoing.on('response', (message) => {
      let text = '';
      message.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
      });
      message.on('error', reject);
      message.on('end', () => {
        const bytes = Buffer.from(/^\{"random_data":"([0-9A-F]{2048})"\}$/.exec(text)?.[1] ?? '', 'hex');
        if (message.statusCode === 200 && bytes.length === BYTES_PER_REQUEST) resolve(bytes);
        else reject(new Error(`the server answered ${message.statusCode} ${text.slice(0, 200)}`));
      });
    });
    outgoing.end(BODY);
  });
}
