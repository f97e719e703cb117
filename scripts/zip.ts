import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

// The earliest date a zip can hold, so that the same files always give the same bytes; zips hold local time.
const EPOCH = new Date(1980, 0, 1);
const UNIX = 3;
const REGULAR_FILE_0644 = 0o100644 * 2 ** 16;
const REGULAR_FILE_0755 = 0o100755 * 2 ** 16;

/** Zips files into the root of the archive. @param executables those of them that are run, not read */
export function zipFiles(files: readonly string[], archive: string, executables: readonly string[] = []): number {
  const entries: Zippable = {};
  for (const file of [...files, ...executables]) {
    const attrs = executables.includes(file) ? REGULAR_FILE_0755 : REGULAR_FILE_0644;
    entries[basename(file)] = [readFileSync(file), { attrs }];
  }
  const bytes = zipSync(entries, { level: 9, mtime: EPOCH, os: UNIX });
  writeFileSync(archive, bytes);
  return bytes.length;
}
