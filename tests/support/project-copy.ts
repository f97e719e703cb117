import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOLDER } from './child-process.ts';

/** What packaging reads. */
const PARTS = ['serverless.yml', 'package.json', 'LICENSE', 'deploy/lambda', 'handlers', 'lib', 'scripts'];

/** A copy of what packaging needs: it empties `dist` and `.serverless`, which other checks are reading. @returns its folder */
export function copyProject(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'gen-random-project-'));
  for (const name of PARTS) cpSync(join(FOLDER, name), join(folder, name), { recursive: true });
  symlinkSync(join(FOLDER, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
