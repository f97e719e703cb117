export type QueryPairs = readonly (readonly [name: string, value: string])[];

/** Name and value pairs of a query as it was sent, percent-decoded; `+` is itself, as in Huawei's signing rules. */
export function parseQuery(text: string): QueryPairs {
  const parts = text.split('&').filter((part) => part !== '');
  return parts.map((part) => {
    const [name = '', ...value] = part.split('=');
    return [decode(name), decode(value.join('='))];
  });
}

/** Pairs of a map with one or more values for each name, which most gateways decode and a load balancer does not. */
export function queryOfMap(map: unknown, isEncoded: boolean): QueryPairs {
  if (typeof map !== 'object' || map === null) return [];
  const read = isEncoded ? decode : String;
  return Object.entries(map).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [read(name), read(String(value))]),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
