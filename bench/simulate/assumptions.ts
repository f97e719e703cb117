import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/project.ts';

const ROW = /^\| (\w+) \| ([\d.,]+)(?: [^|]+)? \|/gm;

/** The numbers that were not measured here. They stand in docs/scale.md, each with its source. */
const values = new Map(
  [...readFileSync(join(ROOT, 'docs/scale.md'), 'utf8').matchAll(ROW)].map(([, name = '', value = '']) => {
    return [name, Number(value.replaceAll(',', ''))];
  }),
);

/** @throws {TypeError} for a number that the guide does not give */
export function assumed(name: string): number {
  const value = values.get(name);
  if (value === undefined) throw new TypeError(`docs/scale.md has no ${name} among its assumptions`);
  return value;
}
