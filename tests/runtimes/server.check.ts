import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { number, object, parse } from 'valibot';
import { startChild } from './child.ts';
import { PROJECT_ID, startIam } from './iam.ts';
import { nextAuditLine } from './observed.ts';
import { ROOT, temporaryFolder } from './unpack.ts';

const Listening = object({ port: number() });

test('container: healthy, serves, and ends by SIGTERM with exit code 0', { timeout: 30_000 }, async (t) => {
  const iam = await startIam(t);
  const cwd = temporaryFolder(t);
  cpSync(join(ROOT, 'dist/server'), join(cwd, 'dist/server'), { recursive: true });
  const server = startChild(t, {
    command: process.execPath,
    parameters: ['dist/server/server.js'],
    cwd,
    environment: { HOST: '127.0.0.1', PORT: '0', AUTH_METHODS: 'iam', IAM_URL: iam.url },
  });
  const { port } = parse(Listening, JSON.parse(await server.lineWith('"listening"')));
  const url = `http://127.0.0.1:${port}`;

  assert.equal((await fetch(`${url}/healthz`)).status, 200);

  const reply = await fetch(`${url}/v1.0/${PROJECT_ID}/kms/gen-random`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Auth-Token': iam.token },
    body: '{"random_data_length":"512"}',
  });
  assert.equal(reply.status, 200);
  assert.match(await reply.text(), /^\{"random_data":"[0-9A-F]{128}"\}$/);
  assert.equal((await nextAuditLine(server)).status, 200);

  server.process.kill('SIGTERM');
  assert.equal(await server.exit, 0);
});
