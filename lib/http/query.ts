import { isFields } from '../json.ts';
import { percentDecoded } from '../wire/percent-encoding.ts';

export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** Name and value pairs of a query as it was sent, percent-decoded; `+` is itself, as in Huawei's signing rules. */
export function parseQuery(text: string): QueryPairs {
  const parts = text.split('&').filter((part) => part !== '');
  return parts.map((part) => {
    const equals = part.indexOf('=');
    const end = equals === -1 ? part.length : equals;
    return [percentDecoded(part.slice(0, end)), percentDecoded(part.slice(end + 1))];
  });
}

/**
 * Pairs of a map with one or more values for each name, which most gateways decode and a load balancer does not. What
 * is no text is left out.
 */
export function queryOfMap(map: unknown, isEncoded: boolean): QueryPairs {
  if (!isFields(map)) return [];
  const read = isEncoded ? percentDecoded : (text: string) => text;
  return Object.entries(map).flatMap(([name, values]) =>
    [values]
      .flat()
      .filter((value) => typeof value === 'string')
      .map((value): [string, string] => [read(name), read(value)]),
  );
}

/** @returns bytes of the shortest query that has these pairs, `a=b&c`, none of it percent-encoded */
export function lengthOfPairs(pairs: QueryPairs): number {
  return Buffer.byteLength(pairs.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&'));
}
