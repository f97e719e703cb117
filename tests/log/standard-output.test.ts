import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { FOLDER } from '../support/child-process.ts';

/** Several times what a pipe holds. */
const LINES = 300;
const WRITTEN = Array.from({ length: LINES }, (_, number) => `${number} ${'x'.repeat(5_000)}\n`).join('');

const WRITER = [join(FOLDER, 'tests/support/write-lines.ts'), String(LINES)];

test('every line arrives, in order, through a pipe that is read slowly', async () => {
  const writer = spawn(process.execPath, WRITER, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [written, [code]] = await Promise.all([text(writer.stdout), once(writer, 'close')]);
  assert.equal(code, 0);
  assert.ok(written === WRITTEN);
});

test('every line arrives, in order, where the descriptor does not block and is full', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // A pipe is opened for writing without blocking only where somebody reads it; who reads it here does block.
  const firstReader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  const reader = openSync(pipe, 'r');
  closeSync(firstReader);
  // By a shell: Node makes the standard descriptors of its children block.
  const parameters = ['-c', 'exec "$@" >&3', 'sh', process.execPath, ...WRITER];
  const writer = spawn('sh', parameters, { stdio: ['ignore', 'inherit', 'inherit', descriptor] });
  closeSync(descriptor);
  const ended = once(writer, 'close');
  const written = text(createReadStream('', { fd: reader }));
  assert.deepEqual(await ended, [0, null]);
  assert.ok((await written) === WRITTEN);
});
