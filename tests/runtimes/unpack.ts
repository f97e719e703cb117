import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { unzipSync } from 'fflate';
import { atEnd } from './at-end.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** A folder for one test, far from this project's `node_modules`: what runs there is complete in itself. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-runtime-'));
  atEnd(t, () => rmSync(folder, { recursive: true }));
  return folder;
}

/** Unpacks an archive of the project as a platform does. @returns the folder */
export function unpack(t: TestContext, archive: string): string {
  const folder = temporaryFolder(t);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(join(ROOT, archive))))) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}
