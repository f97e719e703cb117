import { hash } from 'node:crypto';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scope } from './scope.ts';

export const ROOT = join(import.meta.dirname, '../..');
/** What the benchmarks build, install and write for themselves. */
export const CACHE = join(ROOT, '.cache/bench');

export const PROJECT_ID = '0123456789abcdef0123456789abcdef';
export const PATH = `/v1.0/${PROJECT_ID}/kms/gen-random`;
export const TOKEN = 'bench-token-0123456789abcdefghijklmnopqrstuvwxyz';

/** Where the service takes `TOKEN` without asking anybody. */
export const STATIC_ENVIRONMENT = {
  AUTH_METHODS: 'static',
  STATIC_TOKENS: JSON.stringify({ [PROJECT_ID]: [hash('sha256', TOKEN, 'hex')] }),
};

/** A copy of `dist/` for this run, so that a build meanwhile changes nothing of it. @returns its folder */
export function snapshotArtefacts(scope: Scope): string {
  if (!existsSync(join(ROOT, 'dist/lambda/http.js'))) throw new Error('no dist/: npm run build comes first');
  const folder = join(CACHE, `dist-${process.pid}`);
  scope.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(ROOT, 'dist'), folder, { recursive: true });
  return folder;
}
