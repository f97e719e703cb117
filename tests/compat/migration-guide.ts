import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './clients.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/migration.md'), 'utf8');
const LABEL_WIDTH = 17;

/** Checks that the guide shows, below the client's name, what the client prints. @param outcomes by what went wrong */
export function assertDocumented(client: string, outcomes: Readonly<Record<string, Outcome>>): void {
  const rows = Object.entries(outcomes).map(([label, { shown = '' }]) => row(label, shown));
  const [, documented] = new RegExp(`^### ${client}\n.*?^\`\`\`text\n(.*?)^\`\`\``, 'ms').exec(GUIDE) ?? [];
  assert.equal(rows.join(''), documented, `docs/migration.md, ${client}`);
}

/** Numbers that no two runs share have a name in the guide. */
function row(label: string, shown: string): string {
  const text = shown
    .trim()
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=req-)[0-9a-f]{32}/g, '<id>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8000');
  return `${label.padEnd(LABEL_WIDTH)}${text.replaceAll('\n', `\n${' '.repeat(LABEL_WIDTH)}`)}\n`;
}
