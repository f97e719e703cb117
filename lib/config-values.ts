import * as v from 'valibot';
import { PROJECT_ID_LENGTH } from './limits.ts';

// Every message is our own: valibot's repeat the value, which may be a secret put into the wrong variable.

/** A whole number in decimal digits. */
export function wholeNumber(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]{1,9}$/, message),
    v.transform(Number),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
  );
}

export function integer(minimum: number, maximum: number, fallback: number) {
  return v.optional(wholeNumber(minimum, maximum), String(fallback));
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

/**
 * A Keystone v3 base, written as URLs are: host in lower case and ASCII, no slash at its end. One without `/v3` would answer 404 to
 * every token, which reads as "unknown token".
 */
export const serviceUrl = v.pipe(
  v.string(),
  v.check(isServiceUrl, 'must be an http or https URL that ends in /v3, without user, query or fragment'),
  v.transform((text) => {
    const { origin, pathname } = new URL(text);
    return `${origin}${pathname.replace(/\/$/, '')}`;
  }),
);

function isServiceUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname } = new URL(text);
  const isBare = username === '' && password === '' && !/[?#]/.test(text);
  return isBare && /^https?:$/.test(protocol) && /\/v3\/?$/.test(pathname);
}

/** The origin of a service whose paths are fixed: scheme, host and port. */
export const originUrl = v.pipe(
  v.string(),
  v.check(isOrigin, 'must be an http or https URL of a host alone, without user, path, query or fragment'),
  v.transform((text) => new URL(text).origin),
);

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && pathname === '/' && !/[?#]/.test(text);
}

export const projectId = v.pipe(
  v.string(),
  v.regex(new RegExp(`^[0-9A-Za-z]{${PROJECT_ID_LENGTH}}$`), `must be ${PROJECT_ID_LENGTH} letters and digits`),
);

export const accessKey = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z_-]{1,128}$/, 'must be up to 128 letters, digits, - and _'),
);

/** It is sent as a header. */
export const securityToken = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without blanks'));

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
