import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { FOLDER } from '../support/child-process.ts';

const WRITER = join(FOLDER, 'tests/support/write-lines.ts');

/** Several times what a pipe holds, of characters that are not all one byte. */
const LINES = [
  { name: 'that a pipe takes whole or not at all', count: 4_000, text: `ß${'x'.repeat(300)}` },
  { name: 'of which a pipe takes a part', count: 300, text: `ß${'x'.repeat(5_000)}` },
];

for (const { name, count, text: line } of LINES) {
  const parameters = [WRITER, String(count), line];
  const expected = Array.from({ length: count }, (_, number) => `${number} ${line}\n`).join('');

  test(`lines ${name} arrive whole and in order where the descriptor waits for its reader`, async () => {
    const writer = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [written, [code]] = await Promise.all([text(writer.stdout), once(writer, 'close')]);
    assert.equal(code, 0);
    assert.ok(written === expected);
  });

  test(`lines ${name} arrive whole and in order where the descriptor does not wait and is full`, async (context) => {
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
    const command = ['-c', 'exec "$@" >&3', 'sh', process.execPath, ...parameters];
    const writer = spawn('sh', command, { stdio: ['ignore', 'inherit', 'inherit', descriptor] });
    closeSync(descriptor);
    const ended = once(writer, 'close');
    const written = text(createReadStream('', { fd: reader }));
    assert.deepEqual(await ended, [0, null]);
    assert.ok((await written) === expected);
  });
}
