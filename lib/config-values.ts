import * as v from 'valibot';

// Every message is our own: valibot's repeat the value, which may be a secret put into the wrong variable.

/** A whole number in decimal digits. */
export function integer(minimum: number, maximum: number, fallback: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[0-9]{1,9}$/, message),
      v.transform(Number),
      v.minValue(minimum, message),
      v.maxValue(maximum, message),
    ),
    String(fallback),
  );
}

/** Names separated by commas, each one of `names`, none twice, at least one. */
export function list<const Name extends string>(names: readonly Name[], fallback: string) {
  const message = `must be a comma list of ${names.join(', ')}, each once`;
  return v.optional(
    v.pipe(
      v.string(),
      v.transform(splitList),
      v.array(v.picklist(names, message)),
      v.check((items) => items.length > 0 && new Set(items).size === items.length, message),
    ),
    fallback,
  );
}

/** Any names separated by commas; absent means no restriction. */
export const optionalList = v.optional(
  v.pipe(
    v.string(),
    v.transform(splitList),
    v.check((items) => items.length > 0, 'must be a comma list'),
  ),
);

/** A Keystone v3 base. One without `/v3` would answer 404 to every token, which reads as "unknown token". */
export const serviceUrl = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/\/$/, '')),
  v.check(isServiceUrl, 'must be an http or https URL that ends in /v3, without user, query or fragment'),
);

function isServiceUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return bare && /^https?:$/.test(url.protocol) && url.pathname.endsWith('/v3');
}

/** Whether a host name or address is this machine's own loopback. */
export function loopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(?:\.[0-9]{1,3}){3}$/.test(host);
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
