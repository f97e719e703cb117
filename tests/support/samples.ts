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

const HTTP_TRIGGERS = [
  'apigw-rest',
  'apigw-http',
  'apigw-http-v1',
  'function-url',
  'alb',
  'alb-multi',
  'functiongraph-apig',
];

/** Whether the sample is one of `handlers/http.ts`; all others are of `handlers/event.ts`. */
export function isHttpSample(name: string): boolean {
  return HTTP_TRIGGERS.includes(triggerOf(name));
}

/** Invocations for `handlers/event.ts`, each with its reply. */
export function eventSamples(): { name: string; trigger: string; event: unknown; reply: unknown }[] {
  return sampleNames('.reply.json')
    .filter((name) => !isHttpSample(name))
    .map((name) => ({
      name,
      trigger: triggerOf(name),
      event: readJson(`${name}.json`),
      reply: readJson(`${name}.reply.json`),
    }));
}

function triggerOf(name: string): string {
  return name.replace(/\..*$/, '');
}

export function readSample(file: string): Fields {
  return fieldsOf(readJson(file));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}

/** `${HEX:<n>}` stands for so many characters of upper-case hexadecimal. */
export function patternOf(text: string): RegExp {
  const literal = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\\\$\\\{HEX:(\d+)\\\}/g, '[0-9A-F]{$1}')}$`);
}

/** @throws {TypeError} for anything but an object */
export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return Object.fromEntries(Object.entries(value));
}

/** Puts values where a sample says `${NAME}`, in every string of it. */
export function fillIn(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, values));
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Z_]+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fillIn(member, values)]));
}

/** The named fields of every line, to be compared with a table. */
export function columns(lines: readonly Fields[], ...names: readonly string[]): unknown[][] {
  return lines.map((line) => names.map((name) => line[name]));
}
