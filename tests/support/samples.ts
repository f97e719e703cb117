import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../events');

export type Fields = Readonly<Record<string, unknown>>;

/** Every file of `events/` whose name ends so, without that end. */
export function sampleNames(end: string): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort();
}

export function readSample(file: string): Fields {
  return fieldsOf(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));
}

/** @throws {TypeError} for anything but an object */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return Object.fromEntries(Object.entries(value));
}

/** Puts values where a sample says `${NAME}`, in every string of it. `${BLANKS:<n>}` is so many blanks. */
export function fillIn(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, values));
  if (typeof value === 'string') {
    return value
      .replace(/\$\{BLANKS:(\d+)\}/g, (_, count: string) => ' '.repeat(Number(count)))
      .replace(/\$\{([A-Z_]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fillIn(member, values)]));
}
