import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { FOLDER } from '../support/child-process.ts';
import { openConnection } from '../support/raw-connection.ts';

async function takes(port: number): Promise<boolean> {
  const { socket } = openConnection(port);
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('close', () => resolve(false));
  });
  socket.destroy();
  return isOpen;
}

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
  test(`npm start ends with npm, which is sent ${signal}`, { timeout: 20_000 }, async (context) => {
    // A session of its own, as from a shell in the background: no terminal tells the server too.
    const npm = spawn('npm', ['start'], {
      cwd: FOLDER,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    context.after(() => {
      try {
        process.kill(-(npm.pid ?? 0), 'SIGKILL');
      } catch {
        // All of them have ended.
      }
    });
    let said = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes('Ctrl-C')) await once(npm.stdout, 'data');
    const port = Number(/gen-random on http:\/\/127\.0\.0\.1:([0-9]+)/.exec(said)?.[1]);
    assert.equal(await takes(port), true);
    npm.kill(signal);
    while (await takes(port));
  });
}
