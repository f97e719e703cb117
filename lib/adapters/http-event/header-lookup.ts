import { type Fields, isFields } from '../../json.ts';

/** @param name lower case */
export type HeaderLookup = (name: string) => readonly string[];

/** Looks up every value of a name. Platforms deliver them in single headers, in multi-value headers or in both. */
export function headerLookup({ headers, multiValueHeaders }: Fields): HeaderLookup {
  const [single, multiple] = [lookupIn(headers), lookupIn(multiValueHeaders)];
  return (name) => {
    const [some, others] = [single(name), multiple(name)];
    const [longer, shorter] = others.length >= some.length ? [others, some] : [some, others];
    return shorter.length === 0 ? longer : [...longer, ...shorter.filter((value) => !longer.includes(value))];
  };
}

/** A scan is cheaper for the few names that every request is asked for, an index for the 64 that a signature names. */
const MAX_SCANS = 8;

/** A missing map is empty. */
function lookupIn(headers: unknown): HeaderLookup {
  if (!isFields(headers)) return () => [];
  const keys = Object.keys(headers);
  let scans = 0;
  let index: ReadonlyMap<string, readonly string[]> | undefined;
  return (name) => {
    scans += 1;
    if (scans > MAX_SCANS) index ??= indexOf(keys);
    const values: string[] = [];
    for (const key of index === undefined ? keys : (index.get(name) ?? [])) {
      if (key.length !== name.length || key.toLowerCase() !== name) continue;
      for (const text of textsOf(headers[key])) values.push(text);
    }
    return values;
  };
}

/** The keys of each name. */
function indexOf(keys: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const key of keys) {
    const name = key.toLowerCase();
    const before = index.get(name);
    if (before === undefined) index.set(name, [key]);
    else before.push(key);
  }
  return index;
}

/** FunctionGraph may give an array for one name. What is no text is left out. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
