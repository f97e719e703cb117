import type { Environment } from './config.ts';

/** Shorter names are too close to those of other programs. */
const MIN_LETTERS = 8;

/** From so many letters on two slips are still a typo. */
const LONG_NAME_LETTERS = 12;

/**
 * Kubernetes makes variables for each Service of a namespace ("Service links"); the value tells them from a port of
 * ours.
 */
const OF_KUBERNETES = /_SERVICE_(?:HOST|PORT)(?:_\w+)?$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_\w+)?$/;
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//;

/**
 * Names that are not ours and look like one of ours: a slip or two in the spelling, an ending that is missing, as in
 * `RATE_LIMIT`, or the `_FILE` of a secret behind what is none. Such a variable would be ignored, and the service would
 * start with a weaker configuration than was meant.
 *
 * @returns a sentence for each, which names both
 */
export function typosIn(environment: Environment, ours: readonly string[]): string[] {
  const known = new Set(ours);
  const comparable = ours.filter((name) => name.includes('_'));
  return Object.entries(environment).flatMap(([name, value = '']) => {
    if (value.trim() === '' || known.has(name) || isOfOthers(name, value)) return [];
    const meant = comparable.find((own) => looksLike(name.toUpperCase(), own));
    return meant === undefined ? [] : [`${name} is not a variable of this service; did you mean ${meant}?`];
  });
}

function isOfOthers(name: string, value: string): boolean {
  if (name.length < MIN_LETTERS || !name.includes('_') || name.startsWith('AWS_')) return true;
  return OF_KUBERNETES.test(name) || (name.endsWith('_PORT') && SERVICE_LINK.test(value));
}

function looksLike(name: string, own: string): boolean {
  if (own.startsWith(`${name}_`) || name === `${own}_FILE`) return true;
  const slips = own.length >= LONG_NAME_LETTERS ? 2 : 1;
  return Math.abs(name.length - own.length) <= slips && distance(name, own) <= slips;
}

/** Letters to insert, drop, replace or swap with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const edits = [
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      ];
      current.push(Math.min(...edits));
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? 0;
}
