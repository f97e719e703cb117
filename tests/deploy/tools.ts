import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

const TOOLS = join(ROOT, '.cache/deploy-tools');

/** A program that `scripts/install-deploy-checks.sh` has put in place. @throws {Error} before it has run */
export function tool(name: string): string {
  const file = join(TOOLS, 'bin', name);
  if (!existsSync(file)) throw new Error(`${name} is not installed: run scripts/install-deploy-checks.sh`);
  return file;
}
