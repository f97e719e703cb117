import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs');

/** Three significant digits, with separators for thousands. */
export function number(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function withUnit(value: number, unit: string): string {
  return unit === 'times' ? number(value) : `${number(value)} ${unit}`;
}

type Parts = Readonly<Record<string, string>>;

/** A table in Markdown, without a line end behind it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Fills in the figures of a guide, between `<!-- NAME -->` and the next `<!-- / -->`, and writes its pictures, in docs/.
 *
 * @throws {Error} where a mark is missing
 */
export function fillGuide(file: string, parts: Parts, pictures: Parts): void {
  let text = readFileSync(join(DOCS, file), 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const [before, after = ''] = text.split(`<!-- ${name} -->\n`);
    const [, ...behind] = after.split('<!-- / -->');
    if (behind.length === 0) throw new Error(`docs/${file} has no mark ${name}, or no end of it`);
    text = `${before}<!-- ${name} -->\n${part}\n<!-- / -->${behind.join('<!-- / -->')}`;
  }
  writeFileSync(join(DOCS, file), text);
  for (const [path, svg] of Object.entries(pictures)) writeFileSync(join(DOCS, path), svg);
}
