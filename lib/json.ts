import { isUtf8 } from 'node:buffer';
import { ServiceError } from './errors.ts';

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of whatever this is; undefined where it has none. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** @returns names of at most 20 members, by commas and none longer than 64 characters: they go into a log */
export function memberNames(value: unknown): string {
  const names = typeof value === 'object' && value !== null ? Object.keys(value).slice(0, 20) : [];
  return names.map((name) => name.slice(0, 64)).join(', ');
}

/**
 * @throws {ServiceError} `body-not-json`, for bytes that are not UTF-8 too: decoded with losses, they would be other
 * JSON
 */
export function readJson(received: string | Buffer): unknown {
  if (typeof received !== 'string' && !isUtf8(received)) {
    throw new ServiceError('body-not-json', { reason: 'body-not-utf8' });
  }
  try {
    return JSON.parse(received.toString());
  } catch {
    throw new ServiceError('body-not-json');
  }
}

/**
 * Whether a member anywhere in a parsed document is named `__proto__`, which is not JSON that we take. A list of what
 * is left rather than a recursion: a document may be as deep as it is long.
 */
export function namesPrototype(document: unknown): boolean {
  const left: unknown[] = [document];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const within of Object.values(value)) if (typeof within === 'object' && within !== null) left.push(within);
  }
  return false;
}

/** @returns undefined for what is no JSON in UTF-8 */
export function parseJson(received: string | Buffer): unknown {
  try {
    return readJson(received);
  } catch {
    return undefined;
  }
}
